#include "cli/console.h"

#include <fmt/format.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>

#include "cli/exit_codes.h"
#include "media/libav_util.h"

namespace furl::cli {
namespace {

constexpr double kBarInterval = 0.2;  // seconds
constexpr double kLineInterval = 5.0;
constexpr double kJsonInterval = 1.0;
constexpr int kBarWidth = 24;

std::string Bar(double done, bool color) {
  const int filled = static_cast<int>(done * kBarWidth);
  const std::string bar = std::string(filled, '=') + std::string(kBarWidth - filled, ' ');
  return color ? fmt::format("[\x1b[36m{}\x1b[0m] ", bar) : fmt::format("[{}] ", bar);
}

}  // namespace

std::string HumanBytes(double bytes) {
  if (bytes < 1000) return fmt::format("{:.0f} B", bytes);
  if (bytes < 1e6) return fmt::format("{:.1f} kB", bytes / 1e3);
  if (bytes < 1e9) return fmt::format("{:.2f} MB", bytes / 1e6);
  return fmt::format("{:.2f} GB", bytes / 1e9);
}

std::string HumanTime(double seconds) {
  const auto whole = static_cast<int64_t>(std::max(seconds, 0.0) + 0.5);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

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
  if (!settings_.json) out_ << text << std::flush;
}

void Console::Json(const nlohmann::ordered_json& object) {
  if (!settings_.json) return;
  // Names of files may hold any bytes.
  out_ << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n'
       << std::flush;
}

void Console::Say(const std::string& text) {
  EndProgress();
  if (!settings_.json) log_->info("{}", text);
}

void Console::Problem(const std::string& text) {
  EndProgress();
  log_->error("{}", text);
}

void Console::Notice(const std::string& text) {
  EndProgress();
  log_->info("note: {}", text);
  Json({{"type", "notice"}, {"text", text}});
}

void Console::Detail(const std::string& text) {
  EndProgress();
  log_->debug("{}", text);
}

std::string ProgressLine(const Progress& progress, double seconds,
                         const ConsoleSettings& settings) {
  const double fps = seconds > 0 ? static_cast<double>(progress.frames) / seconds : 0;
  const bool with_bytes = progress.bytes >= 0;
  const std::string trying = progress.crf >= 0 ? fmt::format("trying crf {}  ", progress.crf) : "";
  if (progress.total <= 0) {
    std::string line = trying + fmt::format("{} frames  {:.1f} fps", progress.frames, fps);
    if (with_bytes) line += "  " + HumanBytes(static_cast<double>(progress.bytes));
    return line;
  }
  const double done = std::min(1.0, static_cast<double>(progress.frames) / progress.total);
  std::string line = trying;
  if (settings.terminal) line += Bar(done, settings.color);
  line += fmt::format("{:3.0f} %  {}/{} frames  {:.1f} fps", done * 100, progress.frames,
                      progress.total, fps);
  if (fps > 0) {
    line += "  ETA " + HumanTime(std::max<int64_t>(progress.total - progress.frames, 0) / fps);
  }
  if (with_bytes && progress.frames > 0) {
    line += "  " + HumanBytes(static_cast<double>(progress.bytes)) + " of about " +
            HumanBytes(static_cast<double>(progress.bytes) / done);
  }
  return line;
}

nlohmann::ordered_json ProgressJson(const Progress& progress, double seconds) {
  const double fps = seconds > 0 ? static_cast<double>(progress.frames) / seconds : 0;
  nlohmann::ordered_json object = {
      {"type", "progress"}, {"frames", progress.frames}, {"fps", fps}, {"seconds", seconds}};
  if (progress.crf >= 0) object["crf"] = progress.crf;
  if (progress.total > 0) {
    object["total"] = progress.total;
    if (fps > 0) {
      object["eta_seconds"] =
          static_cast<double>(std::max<int64_t>(progress.total - progress.frames, 0)) / fps;
    }
  }
  if (progress.bytes >= 0) {
    object["bytes"] = progress.bytes;
    if (progress.total > 0 && progress.frames > 0) {
      object["projected_bytes"] = static_cast<int64_t>(static_cast<double>(progress.bytes) *
                                                       progress.total / progress.frames);
    }
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
  } else if (settings_.quiet) {
    return;
  } else if (settings_.terminal) {
    err_ << '\r' << ProgressLine(progress, seconds, settings_) << "\x1b[K" << std::flush;
    bar_shown_ = true;
  } else {
    err_ << "furl: " << ProgressLine(progress, seconds, settings_) << '\n' << std::flush;
  }
}

void Console::EndProgress() {
  if (!bar_shown_) return;
  bar_shown_ = false;
  err_ << "\r\x1b[K" << std::flush;
}

int Console::Finish(const Status& status, nlohmann::ordered_json details) {
  EndProgress();
  const int exit_code = ExitCodeOf(status);
  nlohmann::ordered_json object = {{"type", "result"}, {"success", status.ok()}};
  if (!status.ok()) {
    log_->error("{}{}{}", settings_.color ? "\x1b[31merror:\x1b[0m " : "error: ", status.message(),
                "");
    object["error"] = StatusCodeName(status.code());
    object["message"] = status.message();
  }
  object["exit_code"] = exit_code;
  if (details.is_object()) object.update(details);
  Json(object);
  return exit_code;
}

}  // namespace furl::cli
