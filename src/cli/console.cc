#include "cli/console.h"

#include <fmt/format.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>

#include "cli/exit_codes.h"
#include "cli/printable.h"
#include "media/libav/libav_util.h"
#include "progress/terminal.h"

namespace furl::cli {
namespace {

constexpr double kBarInterval = 0.2;  // seconds
constexpr double kLineInterval = 5.0;
constexpr double kJsonInterval = 1.0;

}  // namespace

void Console::Configure(const ConsoleSettings& settings) {
  settings_ = settings;
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_st>(err_, /*force_flush=*/true);
  log_ = std::make_shared<spdlog::logger>("furl", std::move(sink));
  log_->set_pattern("furl: %v");
  log_->set_level(settings.quiet     ? spdlog::level::err
                  : settings.verbose ? spdlog::level::debug
                                     : spdlog::level::info);
  if (settings.verbose) {
    media::RouteLibavLog([this](const std::string& text) { Detail(text); });
  } else {
    media::RouteLibavLog(nullptr);
  }
}

void Console::Print(const std::string& text) {
  EndProgress();
  if (!settings_.json) out_ << Printable(text) << std::flush;
}

void Console::Json(const nlohmann::ordered_json& object) {
  if (!settings_.json) return;
  // Names of files may hold any bytes.
  const std::string json = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  out_ << PrintableJson(json) << '\n' << std::flush;
}

bool Console::Log(spdlog::level::level_enum level, const std::string& text) {
  std::lock_guard<std::mutex> lock(err_mutex_);
  if (++messages_[level] > kMostMessages) return false;
  Write(level, text);
  return true;
}

void Console::Write(spdlog::level::level_enum level, const std::string& text) {
  RemoveBar();
  log_->log(level, "{}", Printable(text));
}

void Console::Say(const std::string& text) {
  if (!settings_.json) Log(spdlog::level::info, text);
}

bool Console::Problem(const std::string& text) { return Log(spdlog::level::err, text); }

void Console::Notice(const std::string& text) {
  if (Log(spdlog::level::info, "note: " + text)) Json({{"type", "notice"}, {"text", text}});
}

void Console::Detail(const std::string& text) { Log(spdlog::level::debug, text); }

std::string ProgressLine(const Progress& progress, double seconds,
                         const ConsoleSettings& settings) {
  Progress printable = progress;
  printable.label = Printable(progress.label);
  return ProgressLine(printable, seconds,
                      LineStyle{settings.terminal, settings.color, settings.columns});
}

nlohmann::ordered_json ProgressJson(const Progress& progress, double seconds) {
  const Outlook outlook = OutlookOf(progress, seconds);
  nlohmann::ordered_json object = {{"type", "progress"},
                                   {"frames", progress.frames},
                                   {"fps", SpeedOf(progress, seconds)},
                                   {"seconds", seconds}};
  if (progress.crf >= 0) object["crf"] = progress.crf;
  if (progress.total > 0) object["total"] = progress.total;
  if (outlook.eta_seconds >= 0) object["eta_seconds"] = outlook.eta_seconds;
  if (!progress.label.empty()) object["label"] = progress.label;
  if (progress.bytes < 0) return object;
  object["bytes"] = progress.bytes;
  if (progress.total > 0 && progress.frames > 0) {
    object["projected_bytes"] = static_cast<int64_t>(static_cast<double>(progress.bytes) *
                                                     progress.total / progress.frames);
  }
  return object;
}

void Console::Show(const Progress& progress) {
  const auto now = Clock::now();
  if (!started_) {
    started_ = true;
    start_ = last_ = now;
    return;
  }
  const double since = std::chrono::duration<double>(now - last_).count();
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double interval = settings_.json       ? kJsonInterval
                          : settings_.terminal ? kBarInterval
                                               : kLineInterval;
  if (since < interval) return;
  last_ = now;
  if (settings_.json) {
    Json(ProgressJson(progress, seconds));
    return;
  }
  if (settings_.quiet) return;
  std::lock_guard<std::mutex> lock(err_mutex_);
  if (settings_.terminal) {
    settings_.columns = TerminalColumns();
    err_ << kLineBegin << ProgressLine(progress, seconds, settings_) << kLineEnd << std::flush;
    bar_shown_ = true;
  } else {
    err_ << "furl: " << ProgressLine(progress, seconds, settings_) << '\n' << std::flush;
  }
}

void Console::EndProgress() {
  std::lock_guard<std::mutex> lock(err_mutex_);
  RemoveBar();
}

void Console::RemoveBar() {
  if (!bar_shown_) return;
  bar_shown_ = false;
  err_ << kNoLine << std::flush;
}

void Console::RestartMessages() {
  std::lock_guard<std::mutex> lock(err_mutex_);
  for (auto& [level, count] : messages_) {
    if (count > kMostMessages) Write(level, fmt::format("{} more messages", count - kMostMessages));
  }
  messages_.clear();
}

// The last words on the terminal; more than kMostMessages or not.
void Console::FinishMessages(const Status& status) {
  RestartMessages();
  std::lock_guard<std::mutex> lock(err_mutex_);
  RemoveBar();
  if (status.ok()) return;
  log_->log(spdlog::level::err, "{}{}",
            settings_.color ? "\x1b[31merror:\x1b[0m " : "error: ", Printable(status.message()));
}

int Console::Finish(const Status& status, nlohmann::ordered_json details) {
  FinishMessages(status);
  const int exit_code = ExitCodeOf(status);
  nlohmann::ordered_json object = {{"type", "result"}, {"success", status.ok()}};
  if (!status.ok()) {
    object["error"] = StatusCodeName(status.code());
    object["message"] = status.message();
  }
  object["exit_code"] = exit_code;
  if (details.is_object()) object.update(details);
  Json(object);
  return exit_code;
}

}  // namespace furl::cli
