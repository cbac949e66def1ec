#include "progress/progress_line.h"

#include <algorithm>
#include <cinttypes>
#include <cstdarg>
#include <cstddef>
#include <cstdio>

namespace furl {
namespace {

constexpr int kMostBar = 24;
constexpr int kLeastBar = 8;
constexpr size_t kBarFrame = 3;    // brackets and the space behind
constexpr size_t kLeastLabel = 8;  // what is shorter says nothing
constexpr char kBarColor[] = "\x1b[36m";
constexpr char kNoColor[] = "\x1b[0m";

// Short texts, as printf makes them.
[[gnu::format(printf, 1, 2)]] std::string Text(const char* format, ...) {
  char text[128];
  std::va_list list;
  va_start(list, format);
  std::vsnprintf(text, sizeof(text), format, list);
  va_end(list);
  return text;
}

std::string Bar(double done, int width, bool color) {
  const int filled = static_cast<int>(done * width);
  const std::string bar = std::string(filled, '=') + std::string(width - filled, ' ');
  return color ? "[" + (kBarColor + bar + kNoColor) + "] " : "[" + bar + "] ";
}

// `text` in at most `width` bytes, without half a character of UTF-8.
std::string Cut(const std::string& text, size_t width) {
  if (text.size() <= width) return text;
  size_t end = width;
  while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

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
  if (outlook.done >= 0) facts += Text("%3.0f %%  ", outlook.done * 100);
  facts += std::to_string(progress.frames);
  if (progress.total > 0) facts += "/" + std::to_string(progress.total);
  if (brevity < kShortFrames || outlook.done < 0) facts += std::string(" ") + progress.unit;
  if (brevity < kNoSpeed) {
    facts += Text("  %.1f ", SpeedOf(progress, seconds)) + progress.speed_unit;
  }
  if (outlook.eta_seconds >= 0) facts += "  ETA " + HumanTime(outlook.eta_seconds);
  return facts + BytesText(progress, outlook.done, brevity);
}

}  // namespace

std::string HumanBytes(double bytes) {
  if (bytes < 1000) return Text("%.0f B", bytes);
  if (bytes < 1e6) return Text("%.1f kB", bytes / 1e3);
  if (bytes < 1e9) return Text("%.2f MB", bytes / 1e6);
  return Text("%.2f GB", bytes / 1e9);
}

std::string HumanTime(double seconds) {
  const auto whole = static_cast<int64_t>(std::max(seconds, 0.0) + 0.5);
  if (whole < 3600) return Text("%" PRId64 ":%02" PRId64, whole / 60, whole % 60);
  return Text("%" PRId64 ":%02" PRId64 ":%02" PRId64, whole / 3600, whole / 60 % 60, whole % 60);
}

double SpeedOf(const Progress& progress, double seconds) {
  return seconds > 0 ? static_cast<double>(progress.frames - progress.first) / seconds : 0;
}

Outlook OutlookOf(const Progress& progress, double seconds) {
  const double speed = SpeedOf(progress, seconds);
  const double left = static_cast<double>(std::max<int64_t>(progress.total - progress.frames, 0));
  if (progress.total > 0) {
    const double done = static_cast<double>(progress.frames) / static_cast<double>(progress.total);
    return {std::min(1.0, done), speed > 0 ? left / speed : -1};
  }
  if (progress.eta_seconds < 0) return {};
  return {seconds / std::max(seconds + progress.eta_seconds, 1e-9), progress.eta_seconds};
}

std::string ProgressLine(const Progress& progress, double seconds, const LineStyle& style) {
  const Outlook outlook = OutlookOf(progress, seconds);
  const std::string try_text =
      progress.crf >= 0 ? "trying crf " + std::to_string(progress.crf) + "  " : "";
  const std::string label = progress.label.empty() ? "" : "  " + progress.label;
  if (!style.terminal) return try_text + Facts(progress, seconds, outlook, kAllFacts) + label;
  const size_t room = static_cast<size_t>(std::max(style.columns, 2)) - 1;
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
    bar = Bar(outlook.done, bar_width, style.color);
    width += kBarFrame + static_cast<size_t>(bar_width);
  }
  if (width > room) return Cut(try_text + facts, room);
  const std::string line = try_text + bar + facts;
  return room - width < kLeastLabel ? line : line + Cut(label, room - width);
}

}  // namespace furl
