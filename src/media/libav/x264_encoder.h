// X264Encoder: decoded frames to H.264, losslessly or at a chosen quality.

#ifndef FURL_MEDIA_LIBAV_X264_ENCODER_H_
#define FURL_MEDIA_LIBAV_X264_ENCODER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/status.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"

namespace furl::media {

class X264Encoder {
 public:
  // `crf` -1 is lossless. H.264 has no odd 4:2:0 sizes: pictures are padded by
  // repeating the last column and row.
  static Result<std::unique_ptr<X264Encoder>> Create(const VideoInfo& video, int crf, int threads);

  // Takes a packet; what it returns is returned by Encode if it isn't OK.
  using TakeFn = std::function<Status(MediaPacket packet)>;

  // Gives `take` what comes out when `frame`, or null for the end, goes in: Annex B
  // packets in decoding order with pts, dts and duration in video.time_base.
  Status Encode(const Frame* frame, int64_t duration, const TakeFn& take);

  // Holds the parameter sets as Annex B extradata.
  const AVCodecContext& context() const { return *context_; }
  bool padded() const { return padded_; }
  std::string description() const;

 private:
  X264Encoder() = default;
  Status Configure(const VideoInfo& video, int crf, int threads);
  Status Send(const Frame* frame, int64_t duration);
  Result<MediaPacket> Receive();  // kTryAgain or kEndOfStream

  AvCodecContextPtr context_;
  int crf_ = -1;
  bool padded_ = false;
  std::map<int64_t, int64_t> durations_;  // by pts, of pictures inside the encoder
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_X264_ENCODER_H_
