// The one list of output kinds.

#include <algorithm>
#include <iterator>
#include <string_view>

#include "media/frame_writer.h"
#include "media/numbered_name.h"
#include "media/write/container_writers.h"
#include "media/write/raw_writers.h"

namespace furl::media {
namespace {

constexpr FrameWriterKind kKinds[] = {
    {".mp4", "H.264 or, with --codec, hevc; lossless without --codec-crf", false, OpenMp4Writer},
    {".mkv", "the same, or ffv1, in Matroska", false, OpenMkvWriter},
    {".mov", "ProRes 422 HQ; or h264, hevc", false, OpenMovWriter},
    {".png", "pictures, numbered by %d", true, OpenPictureWriter},
    {".jpg", "the same, lossy", true, OpenPictureWriter},
    {".y4m", "YUV4MPEG2, uncompressed", false, OpenY4mWriter},
    {".yuv", "headerless planes Y, U, V", false, OpenYuvWriter},
    {"-", "YUV4MPEG2 on standard output; with --codec raw, ffv1, h264 or hevc NUT with sound",
     false, OpenStreamWriter},
    {"null", "decodes and keeps nothing", false, OpenNullWriter},
};

bool Fits(const FrameWriterKind& kind, std::string_view path) {
  const std::string_view suffix = kind.suffix;
  return suffix[0] == '.' ? path.size() > suffix.size() && path.ends_with(suffix) : path == suffix;
}

}  // namespace

std::span<const FrameWriterKind> FrameWriterKinds() { return kKinds; }

bool IsNumbered(const std::string& path) {
  const bool pictures = std::any_of(
      std::begin(kKinds), std::end(kKinds),
      [&path](const FrameWriterKind& kind) { return kind.pictures && Fits(kind, path); });
  const auto name = NumberedName::Parse(path);
  return pictures && name.ok() && name->has_number();
}

Result<const VideoCodec*> ChooseCodec(std::span<const char* const> allowed,
                                      const std::string& wanted) {
  std::string known;
  for (const char* name : allowed) {
    if (wanted.empty() || wanted == name) return FindVideoCodec(name);
    known += std::string(known.empty() ? "" : ", ") + name;
  }
  return InvalidArgument("this kind of file can't be of codec " + wanted + ", but of " + known);
}

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
