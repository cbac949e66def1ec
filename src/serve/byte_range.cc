#include "serve/byte_range.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace furl::serve {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Digits alone; what is larger than any file is the largest number.
std::optional<int64_t> Number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return {};
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? value : std::numeric_limits<int64_t>::max();
}

bool IsBytesUnit(std::string_view unit) {
  constexpr std::string_view kBytes = "bytes";
  return std::equal(unit.begin(), unit.end(), kBytes.begin(), kBytes.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

}  // namespace

ByteRange ParseRange(std::string_view header, int64_t size) {
  const ByteRange whole = {RangeKind::kWhole, 0, size};
  const ByteRange none = {RangeKind::kUnsatisfiable, 0, size};
  const size_t equals = header.find('=');
  if (equals == std::string_view::npos || !IsBytesUnit(Trimmed(header.substr(0, equals)))) {
    return whole;
  }
  const std::string_view spec = Trimmed(header.substr(equals + 1));
  const size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return whole;  // with a comma the second half is no number
  const std::string_view first_text = spec.substr(0, dash);
  const auto last = Number(spec.substr(dash + 1));
  if (first_text.empty()) {  // the last so many
    if (!last) return whole;
    if (*last == 0 || size == 0) return none;
    const int64_t length = std::min(*last, size);
    return {RangeKind::kPart, size - length, length};
  }
  const auto first = Number(first_text);
  const bool open = dash + 1 == spec.size();
  if (!first || (!last && !open) || (last && *last < *first)) return whole;
  if (*first >= size) return none;
  const int64_t end = last && *last < size - 1 ? *last + 1 : size;
  return {RangeKind::kPart, *first, end - *first};
}

std::string ContentRange(const ByteRange& range, int64_t size) {
  const std::string all = "/" + std::to_string(size);
  if (range.kind != RangeKind::kPart) return "bytes *" + all;
  return "bytes " + std::to_string(range.first) + "-" +
         std::to_string(range.first + range.length - 1) + all;
}

}  // namespace furl::serve
