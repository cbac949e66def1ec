#include "cli/console.h"

#include <fmt/format.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>

#include "cli/exit_codes.h"
#include "cli/printable.h"
#include "cli/terminal.h"
#include "media/libav/libav_util.h"

namespace furl::cli {
namespace {

constexpr double kBarInterval = 0.2;  // seconds
constexpr double kLineInterval = 5.0;
constexpr double kJsonInterval = 1.0;
constexpr int kMostBar = 24;
constexpr int kLeastBar = 8;
constexpr size_t kBarFrame = 3;    // brackets and the space behind
constexpr size_t kLeastLabel = 8;  // what is shorter says nothing
constexpr char kBarColor[] = "\x1b[36m";
constexpr char kNoColor[] = "\x1b[0m";
// A line that is wider than the terminal got meanwhile must not wrap: it couldn't be taken back.
constexpr char kNoWrap[] = "\x1b[?7l";
constexpr char kWrap[] = "\x1b[?7h";

std::string Bar(double done, int width, bool color) {
  const int filled = static_cast<int>(done * width);
  const std::string bar = std::string(filled, '=') + std::string(width - filled, ' ');
  return color ? fmt::format("[{}{}{}] ", kBarColor, bar, kNoColor) : fmt::format("[{}] ", bar);
}

// `text` in at most `width` bytes, without half a character of UTF-8.
std::string Cut(const std::string& text, size_t width) {
  if (text.size() <= width) return text;
  size_t end = width;
  while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

double Fps(const Progress& progress, double seconds) {
  return seconds > 0 ? static_cast<double>(progress.frames) / seconds : 0;
}

struct Outlook {
  double done = -1;  // 0 to 1
  double eta_seconds = -1;
};

// As far as it can be told.
Outlook OutlookOf(const Progress& progress, double seconds) {
  const double fps = Fps(progress, seconds);
  const double left = static_cast<double>(std::max<int64_t>(progress.total - progress.frames, 0));
  if (progress.total > 0) {
    return {std::min(1.0, static_cast<double>(progress.frames) / progress.total),
            fps > 0 ? left / fps : -1};
  }
  if (progress.eta_seconds < 0) return {};
  return {seconds / std::max(seconds + progress.eta_seconds, 1e-9), progress.eta_seconds};
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

namespace {

// How much of the facts there is room for, from all to the least.
constexpr int kAllFacts = 0;
constexpr int kShortBytes = 1;   // only what the file will have
constexpr int kShortFrames = 2;  // without the word
constexpr int kNoBytes = 3;
constexpr int kNoBar = 4;
constexpr int kNoSpeed = 5;

std::string BytesText(const Progress& progress, double done, int brevity) {
  const auto bytes = static_cast<double>(progress.bytes);
  if (bytes < 0 || brevity >= kNoBytes) return {};
  if (done < 0) return "  " + HumanBytes(bytes);
  if (progress.frames <= 0 || done <= 0) return {};
  const std::string whole = "about " + HumanBytes(bytes / done);
  return brevity >= kShortBytes ? "  " + whole : "  " + HumanBytes(bytes) + " of " + whole;
}

std::string Facts(const Progress& progress, double seconds, const Outlook& outlook, int brevity) {
  std::string facts;
  if (outlook.done >= 0) facts += fmt::format("{:3.0f} %  ", outlook.done * 100);
  facts += std::to_string(progress.frames);
  if (progress.total > 0) facts += fmt::format("/{}", progress.total);
  if (brevity < kShortFrames || outlook.done < 0) facts += " frames";
  if (brevity < kNoSpeed) facts += fmt::format("  {:.1f} fps", Fps(progress, seconds));
  if (outlook.eta_seconds >= 0) facts += "  ETA " + HumanTime(outlook.eta_seconds);
  return facts + BytesText(progress, outlook.done, brevity);
}

}  // namespace

std::string ProgressLine(const Progress& progress, double seconds,
                         const ConsoleSettings& settings) {
  const Outlook outlook = OutlookOf(progress, seconds);
  const std::string try_text =
      progress.crf >= 0 ? fmt::format("trying crf {}  ", progress.crf) : "";
  const std::string label = progress.label.empty() ? "" : "  " + Printable(progress.label);
  if (!settings.terminal) {
    return try_text + Facts(progress, seconds, outlook, kAllFacts) + label;
  }
  const size_t room = static_cast<size_t>(std::max(settings.columns, 2)) - 1;
  std::string facts;
  size_t bar_room = 0;
  for (int brevity = kAllFacts; brevity <= kNoSpeed; ++brevity) {
    facts = Facts(progress, seconds, outlook, brevity);
    const bool wants_bar = outlook.done >= 0 && brevity < kNoBar;
    const size_t used = try_text.size() + facts.size() + (wants_bar ? kBarFrame : 0);
    bar_room = wants_bar && used < room ? room - used : 0;
    if (wants_bar ? bar_room >= kLeastBar : used <= room) break;
  }
  std::string bar;
  size_t width = try_text.size() + facts.size();
  if (bar_room >= kLeastBar) {
    const int bar_width = static_cast<int>(std::min<size_t>(bar_room, kMostBar));
    bar = Bar(outlook.done, bar_width, settings.color);
    width += kBarFrame + static_cast<size_t>(bar_width);
  }
  if (width > room) return Cut(try_text + facts, room);
  const std::string line = try_text + bar + facts;
  return room - width < kLeastLabel ? line : line + Cut(label, room - width);
}

nlohmann::ordered_json ProgressJson(const Progress& progress, double seconds) {
  const Outlook outlook = OutlookOf(progress, seconds);
  nlohmann::ordered_json object = {{"type", "progress"},
                                   {"frames", progress.frames},
                                   {"fps", Fps(progress, seconds)},
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
    err_ << '\r' << kNoWrap << ProgressLine(progress, seconds, settings_) << "\x1b[K" << kWrap
         << std::flush;
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
  err_ << "\r\x1b[K" << std::flush;
}

// The last words on the terminal; more than kMostMessages or not.
void Console::FinishMessages(const Status& status) {
  std::lock_guard<std::mutex> lock(err_mutex_);
  RemoveBar();
  for (auto& [level, count] : messages_) {
    if (count > kMostMessages) Write(level, fmt::format("{} more messages", count - kMostMessages));
  }
  messages_.clear();
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
