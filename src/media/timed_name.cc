#include "media/timed_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>

namespace furl::media {
namespace {

constexpr int64_t kSecondMs = 1000;
constexpr int64_t kDayMs = 86400 * kSecondMs;
constexpr std::string_view kDay = "%D";
constexpr std::string_view kTime = "%T";

std::string DayText(int64_t day) {
  using std::chrono::days;
  const std::chrono::year_month_day date{std::chrono::sys_days(days(day))};
  return fmt::format("{:04}-{:02}-{:02}", int{date.year()}, unsigned{date.month()},
                     unsigned{date.day()});
}

std::string TimeText(int64_t ms) {
  const int64_t s = ms / kSecondMs;
  std::string text = fmt::format("{:02}-{:02}-{:02}", s / 3600, s / 60 % 60, s % 60);
  return ms % kSecondMs == 0 ? text : text + fmt::format("-{:03}", ms % kSecondMs);
}

// The numbers of "2026-11-30"; false if `text` is anything else than `count` of them.
bool Numbers(std::string_view text, size_t count, std::array<int, 4>* out) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (size_t i = 0; i < count; ++i) {
    if (i > 0 && (at == end || *at++ != '-')) return false;
    const auto [next, error] = std::from_chars(at, end, (*out)[i]);
    if (error != std::errc() || (*out)[i] < 0) return false;
    at = next;
  }
  return at == end;
}

// Milliseconds; negative if the texts are no day or no time.
int64_t ParseDay(std::string_view text) {
  std::array<int, 4> n{};
  if (!Numbers(text, 3, &n) || n[0] > 9999) return -1;
  const std::chrono::year_month_day date{std::chrono::year(n[0]),
                                         std::chrono::month(static_cast<unsigned>(n[1])),
                                         std::chrono::day(static_cast<unsigned>(n[2]))};
  if (!date.ok()) return -1;
  return int64_t{std::chrono::sys_days(date).time_since_epoch().count()} * kDayMs;
}

int64_t ParseTime(std::string_view text) {
  std::array<int, 4> n{};
  const bool fine = std::count(text.begin(), text.end(), '-') == 3;
  if (!Numbers(text, fine ? 4 : 3, &n) || n[0] > 23 || n[1] > 59 || n[2] > 59 || n[3] > 999) {
    return -1;
  }
  return (int64_t{n[0]} * 3600 + n[1] * 60 + n[2]) * kSecondMs + n[3];
}

}  // namespace

Result<TimedName> TimedName::Parse(const std::string& path) {
  TimedName name;
  const size_t day = path.find(kDay);
  const size_t time = day == std::string::npos ? day : path.find(kTime, day);
  name.has_time_ = time != std::string::npos;
  const std::ptrdiff_t wanted = name.has_time_ ? 2 : 1;
  if (day == std::string::npos || std::count(path.begin(), path.end(), '%') != wanted) {
    return InvalidArgument(path + ": a name by times has one %D and perhaps %T behind it");
  }
  name.before_ = path.substr(0, day);
  const size_t rest = day + kDay.size();
  name.between_ = path.substr(rest, name.has_time_ ? time - rest : 0);
  name.behind_ = path.substr(name.has_time_ ? time + kTime.size() : rest);
  return name;
}

std::string TimedName::Name(int64_t unix_ms) const {
  return before_ + DayText(unix_ms / kDayMs) + between_ +
         (has_time_ ? TimeText(unix_ms % kDayMs) : "") + behind_;
}

// What is read is written again and compared, so that a time has but one name.
int64_t TimedName::TimeOf(const std::string& name) const {
  constexpr size_t kDayLength = 10;
  const size_t fixed = before_.size() + kDayLength + between_.size() + behind_.size();
  if (name.size() < fixed || (!has_time_ && name.size() != fixed)) return 0;
  const std::string_view text = name;
  int64_t ms = ParseDay(text.substr(before_.size(), kDayLength));
  if (ms < 0) return 0;
  if (has_time_) {
    const size_t at = before_.size() + kDayLength + between_.size();
    const int64_t time = ParseTime(text.substr(at, name.size() - fixed));
    if (time < 0) return 0;
    ms += time;
  }
  ms = std::max<int64_t>(ms, 1);
  return Name(ms) == name ? ms : 0;
}

}  // namespace furl::media
