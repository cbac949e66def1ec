// The header of YUV4MPEG2 files, which furl-sense reads from a camera. What is accepted is within
// the limits, can be written again, and depends on nothing behind it.
//
// Input: the first bytes of a file.

#include "codec/families/sense/device/tool/y4m_header.h"

#include <climits>
#include <string>

#include "fuzz/fuzz_util.h"

namespace furl::sense {
namespace {

bool Same(const Y4mHeader& a, const Y4mHeader& b) {
  return a.width == b.width && a.height == b.height && a.frame_rate == b.frame_rate;
}

void CheckAccepted(std::string_view start, const Y4mHeader& header) {
  FUZZ_CHECK(header.bytes <= start.size() && header.bytes <= kLongestY4mHeader);
  FUZZ_CHECK(start[header.bytes - 1] == '\n');
  for (const int side : {header.width, header.height}) FUZZ_CHECK(side >= 1 && side <= 16384);
  for (const int64_t part : {header.frame_rate.num, header.frame_rate.den}) {
    FUZZ_CHECK(part >= 1 && part <= INT_MAX);
  }
  const auto alone = ParseY4mHeader(start.substr(0, header.bytes));
  FUZZ_CHECK(alone.ok() && Same(*alone, header) && alone->bytes == header.bytes);
  const std::string again =
      "YUV4MPEG2 W" + std::to_string(header.width) + " H" + std::to_string(header.height) + " F" +
      std::to_string(header.frame_rate.num) + ":" + std::to_string(header.frame_rate.den) + "\n";
  const auto written = ParseY4mHeader(again);
  FUZZ_CHECK(written.ok() && Same(*written, header) && written->bytes == again.size());
}

}  // namespace
}  // namespace furl::sense

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view start(reinterpret_cast<const char*>(data), size);
  const auto header = furl::sense::ParseY4mHeader(start);
  if (header.ok()) furl::sense::CheckAccepted(start, *header);
  return 0;
}
