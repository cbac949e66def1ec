// The playlist in the folder that `furl live` goes on in. What is accepted names files beside it,
// and can be written and read again.
//
// Input: the text.

#include <cmath>
#include <string>

#include "fuzz/fuzz_util.h"
#include "hls/playlist.h"

namespace furl {
namespace {

bool IsFileBeside(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find_first_of("/\\") == std::string::npos;
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace furl;
  const auto read = hls::ReadMediaPlaylist({reinterpret_cast<const char*>(data), size});
  if (!read.ok()) return 0;
  for (const hls::Segment& segment : read->segments) {
    FUZZ_CHECK(IsFileBeside(segment.uri));
    FUZZ_CHECK(segment.init.empty() || IsFileBeside(segment.init));
    FUZZ_CHECK(std::isfinite(segment.seconds) && segment.seconds >= 0);
  }
  const std::string text = hls::WriteMediaPlaylist(*read);
  const auto again = hls::ReadMediaPlaylist(text);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(again->segments.size() == read->segments.size());
  FUZZ_CHECK(hls::WriteMediaPlaylist(*again) == text);
  return 0;
}
