// The one list of output kinds.

#include <string_view>

#include "media/frame_writer.h"
#include "media/write/h264_writers.h"
#include "media/write/raw_writers.h"

namespace furl::media {
namespace {

constexpr FrameWriterKind kKinds[] = {
    {".mp4", "H.264 by x264, lossless unless --x264-crf", OpenMp4Writer},
    {".mkv", "the same in Matroska", OpenMkvWriter},
    {".y4m", "YUV4MPEG2, uncompressed", OpenY4mWriter},
    {".yuv", "headerless planes Y, U, V", OpenYuvWriter},
    {"-", "YUV4MPEG2 on standard output", OpenY4mWriter},
    {"null", "decodes and keeps nothing", OpenNullWriter},
};

bool Fits(const FrameWriterKind& kind, std::string_view path) {
  const std::string_view suffix = kind.suffix;
  return suffix[0] == '.' ? path.size() > suffix.size() && path.ends_with(suffix) : path == suffix;
}

}  // namespace

std::span<const FrameWriterKind> FrameWriterKinds() { return kKinds; }

Result<std::unique_ptr<FrameWriter>> OpenFrameWriter(const std::string& path, const MediaInfo& info,
                                                     const WriterOptions& options) {
  std::string known;
  for (const FrameWriterKind& kind : kKinds) {
    if (Fits(kind, path)) return kind.open(path, info, options);
    known += std::string(known.empty() ? "" : ", ") + kind.suffix;
  }
  return Unsupported("can't tell what to write from the name " + path + "; known: " + known);
}

}  // namespace furl::media
