#include "codec/families/sense/device/tool/y4m_header.h"

#include <algorithm>
#include <charconv>
#include <climits>
#include <cstdint>
#include <string>

namespace furl::sense {
namespace {

constexpr std::string_view kMagic = "YUV4MPEG2";
constexpr int kLargestSide = 16384;

// All of `text` as a number in 1..most.
template <typename Number>
bool ParseNumber(std::string_view text, int64_t most, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && *number >= 1 &&
         *number <= most;
}

bool ParseRate(std::string_view text, Rational* rate) {
  const size_t colon = text.find(':');
  return colon != std::string_view::npos &&
         ParseNumber(text.substr(0, colon), INT_MAX, &rate->num) &&
         ParseNumber(text.substr(colon + 1), INT_MAX, &rate->den);
}

// 4:2:0 with any place of the chroma: "420", "420jpeg", "420mpeg2", "420paldv"; not "420p10".
bool IsPlain420(std::string_view format) {
  return format.starts_with("420") && !format.starts_with("420p1");
}

Status ParseWord(std::string_view word, Y4mHeader* header) {
  const std::string_view value = word.substr(1);
  bool good = true;
  switch (word[0]) {
    case 'W': good = ParseNumber(value, kLargestSide, &header->width); break;
    case 'H': good = ParseNumber(value, kLargestSide, &header->height); break;
    case 'F': good = ParseRate(value, &header->frame_rate); break;
    case 'C':
      if (IsPlain420(value)) break;
      return Unsupported("samples of format " + std::string(word) + ", not 8-bit 4:2:0");
    default: break;  // interlacing, aspect, comments
  }
  return good ? OkStatus() : InvalidStream("size or frame rate in the header");
}

}  // namespace

Result<Y4mHeader> ParseY4mHeader(std::string_view start) {
  start = start.substr(0, kLongestY4mHeader);
  const size_t end = start.find('\n');
  if (end == std::string_view::npos || !start.starts_with(kMagic)) {
    return InvalidStream("no YUV4MPEG2 header");
  }
  Y4mHeader header;
  header.bytes = end + 1;
  std::string_view rest = start.substr(kMagic.size(), end - kMagic.size());
  if (!rest.empty() && rest[0] != ' ') return InvalidStream("no YUV4MPEG2 header");
  while (!rest.empty()) {
    const size_t space = std::min(rest.find(' ', 1), rest.size());
    if (space > 1) FURL_RETURN_IF_ERROR(ParseWord(rest.substr(1, space - 1), &header));
    rest.remove_prefix(space);
  }
  if (header.width == 0 || header.height == 0) {
    return InvalidStream("size or frame rate in the header");
  }
  return header;
}

}  // namespace furl::sense
