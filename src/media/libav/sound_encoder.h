// SoundEncoder: a stream of sound from the codec it came in to another.
//
// decoder -> libavfilter (rate, layout and samples that the encoder takes, in pieces of its size)
// -> encoder.

#ifndef FURL_MEDIA_LIBAV_SOUND_ENCODER_H_
#define FURL_MEDIA_LIBAV_SOUND_ENCODER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"

namespace furl::media {

class SoundEncoder {
 public:
  // For packets of `source`. `encoder` is FFmpeg's name, `bits_per_second` 0 its own choice.
  // kUnsupported if this FFmpeg has no such encoder, or none for the source's codec.
  static Result<std::unique_ptr<SoundEncoder>> Create(const StreamInfo& source,
                                                      const std::string& encoder,
                                                      int64_t bits_per_second);

  // The stream as it comes out: codec, time base, start.
  const StreamInfo& info() const { return info_; }

  // Takes a packet of the source, or null at its end, and appends what is ready to `out`. Damaged
  // sound is left out.
  Status Encode(const AVPacket* packet, std::vector<MediaPacket>* out);

 private:
  SoundEncoder() = default;
  Status OpenDecoder(const StreamInfo& source);
  Status OpenEncoder(const StreamInfo& source, const AVCodec& codec, int64_t bits_per_second);
  Status BuildGraph(const AVFrame& first);
  Status Filter(const AVFrame* sound, std::vector<MediaPacket>* out);
  Status Code(const AVFrame* sound, std::vector<MediaPacket>* out);

  StreamInfo info_;
  AvCodecContextPtr decoder_;
  AvCodecContextPtr encoder_;
  AvFilterGraphPtr graph_;  // made anew when what is decoded changes
  int graph_rate_ = 0;
  int graph_format_ = -1;
  int graph_channels_ = 0;
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
  int64_t next_pts_ = AV_NOPTS_VALUE;  // of what goes into the encoder
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_SOUND_ENCODER_H_
