// FrameWriter: where decoded pictures go.

#ifndef FURL_MEDIA_FRAME_WRITER_H_
#define FURL_MEDIA_FRAME_WRITER_H_

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/status.h"
#include "media/media_info.h"
#include "seal/secret.h"

namespace furl::media {

struct WriterOptions {
  bool overwrite = false;
  std::string codec;   // VideoEncoder's name of one; empty: the kind's own
  int codec_crf = -1;  // -1: lossless, or the codec's own choice where it isn't; else 0..51
  int threads = 0;
  NoticeFn notice;
  // Of coded writers. `secret`: the output is sealed with it (docs/encryption.md). `discard`: bytes
  // are counted, nothing is written. `accept`: see OutputFile::set_accept.
  seal::SecretPtr secret;
  bool discard = false;
  std::function<Status(int64_t bytes)> accept;
};

class FrameWriter {
 public:
  virtual ~FrameWriter() = default;

  // Frames in display order, as described by the MediaInfo given at opening,
  // each lasting `duration` ticks.
  virtual Status WriteFrame(const Frame& frame, int64_t duration) = 0;

  // Packets of copied streams; writers without a container ignore them.
  virtual Status WritePacket(const MediaPacket& packet) = 0;

  // Completes the output and gives it its name. Without it nothing is left.
  virtual Status Finish() = 0;

  // What the video was turned into, for people: "H.264, lossless (x264)".
  virtual std::string description() const = 0;

  // Whether packets of copied streams are of any use to this writer.
  virtual bool keeps_packets() const { return false; }
};

// One kind of output, chosen by the end of its name.
struct FrameWriterKind {
  const char* suffix;  // ".mkv"; "-" and "null" are whole names
  const char* description;
  bool pictures;  // files of one picture each, by a NumberedName
  Result<std::unique_ptr<FrameWriter>> (*open)(const std::string& path, const MediaInfo& info,
                                               const WriterOptions& options);
};

// All kinds there are.
std::span<const FrameWriterKind> FrameWriterKinds();

// Whether `path` stands for many files, one for each picture.
bool IsNumbered(const std::string& path);

// kUnsupported, listing the known endings, if no kind fits `path`.
Result<std::unique_ptr<FrameWriter>> OpenFrameWriter(const std::string& path, const MediaInfo& info,
                                                     const WriterOptions& options);

}  // namespace furl::media

#endif  // FURL_MEDIA_FRAME_WRITER_H_
