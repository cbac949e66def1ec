#include "serve/file_version.h"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace furl::serve {
namespace {

constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr int64_t kLastSecond = 253402300799;  // of the year 9999

// Whether a list of tags has this one. Tags hold no commas that matter: ours has none, and a part
// of another, cut at its comma, never has both quotes of ours.
bool ListHas(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    std::string_view tag = list.substr(0, list.find(','));
    list.remove_prefix(std::min(tag.size() + 1, list.size()));
    const size_t first = tag.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    tag = tag.substr(first, tag.find_last_not_of(" \t") - first + 1);
    if (tag.starts_with("W/")) tag.remove_prefix(2);  // compared weakly, as is asked for here
    if (tag == etag || tag == "*") return true;
  }
  return false;
}

}  // namespace

std::string EtagOf(const FileVersion& version) {
  char text[96];
  std::snprintf(text, sizeof(text), "\"%llx-%llx-%llx.%llx\"",
                static_cast<unsigned long long>(version.inode),
                static_cast<unsigned long long>(version.size),
                static_cast<unsigned long long>(version.seconds),
                static_cast<unsigned long long>(version.nanoseconds));
  return text;
}

std::string HttpDate(int64_t seconds) {
  const auto time = static_cast<time_t>(std::clamp<int64_t>(seconds, 0, kLastSecond));
  struct tm parts = {};
  gmtime_r(&time, &parts);
  char text[96];  // without words of the locale
  std::snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday],
                parts.tm_mday, kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour,
                parts.tm_min, parts.tm_sec);
  return text;
}

std::optional<int64_t> ParseHttpDate(std::string_view text) {
  constexpr size_t kLength = 29;
  if (text.size() != kLength) return std::nullopt;
  struct tm parts = {};
  char month[4] = {};
  const std::string copy(text);
  if (std::sscanf(copy.c_str() + 5, "%2d %3s %4d %2d:%2d:%2d GMT", &parts.tm_mday, month,
                  &parts.tm_year, &parts.tm_hour, &parts.tm_min, &parts.tm_sec) != 6) {
    return std::nullopt;
  }
  const auto* const name = std::find_if(std::begin(kMonths), std::end(kMonths),
                                        [&](const char* m) { return std::strcmp(m, month) == 0; });
  if (name == std::end(kMonths)) return std::nullopt;
  parts.tm_mon = static_cast<int>(name - std::begin(kMonths));
  parts.tm_year -= 1900;
  const int64_t seconds = timegm(&parts);
  // Written again it must be the same: that refuses wrong days, signs and blanks.
  if (HttpDate(seconds) != text) return std::nullopt;
  return seconds;
}

bool IsUnchanged(const Conditions& conditions, const FileVersion& version) {
  if (!conditions.if_none_match.empty()) {
    return ListHas(conditions.if_none_match, EtagOf(version));
  }
  const auto date = ParseHttpDate(conditions.if_modified_since);
  return date && version.seconds <= *date;
}

bool RangeHolds(const Conditions& conditions, const FileVersion& version) {
  if (conditions.if_range.empty()) return true;
  if (conditions.if_range.starts_with('"')) return conditions.if_range == EtagOf(version);
  const auto date = ParseHttpDate(conditions.if_range);
  return date && version.seconds == *date;
}

}  // namespace furl::serve
