// The header line of YUV4MPEG2 files.

#ifndef FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_Y4M_HEADER_H_
#define FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_Y4M_HEADER_H_

#include <cstddef>
#include <string_view>

#include "base/rational.h"
#include "base/status.h"

namespace furl::sense {

inline constexpr size_t kLongestY4mHeader = 256;  // its newline included

struct Y4mHeader {
  int width = 0;  // 1..16384
  int height = 0;
  Rational frame_rate = {25, 1};  // both parts 1..INT_MAX
  size_t bytes = 0;               // of the line, its newline included
};

// `start`: a file's first kLongestY4mHeader bytes or more, or all of them. kInvalidStream where
// that is no such header, kUnsupported where samples are not 8-bit 4:2:0.
Result<Y4mHeader> ParseY4mHeader(std::string_view start);

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_DEVICE_TOOL_Y4M_HEADER_H_
