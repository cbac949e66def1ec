// Files that `furl info`, `verify` and `decode` open: Matroska through libavformat and the checker
// beside it, bare streams, mp4 and MPEG-TS whose video may carry furl's, and anything else. Reading
// comes to an end, in as many steps as the size allows, with times that fit the header.
//
// Input: mode (bit 0: video alone), the file.

#include <string>

#include "fuzz/fuzz_util.h"
#include "fuzz/memory_file.h"
#include "media/coded_io.h"

namespace furl {
namespace {

void ReadAll(const std::string& path, bool video_only, size_t size) {
  media::CodedReaderOptions options;
  options.other_streams = !video_only;
  options.notice = [](const std::string& text) { FUZZ_CHECK(!text.empty()); };
  const auto reader = media::OpenCoded(path, options);
  if (!reader.ok()) {
    FUZZ_CHECK(!reader.status().message().empty());
    return;
  }
  const media::MediaInfo& info = (*reader)->info();
  FUZZ_CHECK(info.video.width == (*reader)->header().width);
  FUZZ_CHECK(info.video.frame_count >= -1);
  for (size_t steps = 0;; ++steps) {
    FUZZ_CHECK(steps <= 4 * size + 16);
    const auto packet = (*reader)->Next();
    if (packet.status().code() == StatusCode::kEndOfStream) break;
    if (!packet.ok() && packet.status().code() != StatusCode::kInvalidStream) break;
    if (packet.ok() && packet->stream == media::kBaseStream) {
      FUZZ_CHECK(info.base.has_value());
    } else if (packet.ok() && packet->stream != media::kVideoStream) {
      FUZZ_CHECK(packet->stream >= 0 && packet->stream < static_cast<int>(info.streams.size()));
    }
  }
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const uint8_t mode = input.Byte();
  const furl::MemoryFile file(input.rest());
  furl::ReadAll(file.path(), mode & 1, size);
  return 0;
}
