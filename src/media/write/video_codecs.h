// The codecs that decoded video can be written as.

#ifndef FURL_MEDIA_WRITE_VIDEO_CODECS_H_
#define FURL_MEDIA_WRITE_VIDEO_CODECS_H_

#include <span>
#include <string>

#include "base/status.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"

namespace furl::media {

struct VideoCodec {
  const char* name;       // "h264"
  const char* encoder;    // FFmpeg's
  const char* title;      // "H.264", for people
  bool has_crf;           // lossy where one is given, lossless where not
  bool lossless;          // without one
  bool even;              // odd sizes are padded
  AVPixelFormat shallow;  // that it takes, of 8-bit video
  AVPixelFormat deep;     // of 10-bit video
  // Appends the encoder's options; `crf` as WriterOptions has it.
  void (*configure)(const VideoInfo& video, int crf, AVCodecContext* context,
                    AVDictionary** options);
};

std::span<const VideoCodec> VideoCodecs();

// kInvalidArgument with those there are.
Result<const VideoCodec*> FindVideoCodec(const std::string& name);

}  // namespace furl::media

#endif  // FURL_MEDIA_WRITE_VIDEO_CODECS_H_
