// VideoEncoder: decoded frames to a codec of libavcodec's.

#ifndef FURL_MEDIA_WRITE_VIDEO_ENCODER_H_
#define FURL_MEDIA_WRITE_VIDEO_ENCODER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/status.h"
#include "media/filter/filter_graph.h"
#include "media/media_info.h"
#include "media/write/video_codecs.h"

namespace furl::media {

class VideoEncoder {
 public:
  // `crf` -1 is lossless where the codec can be. Codecs without odd sizes get pictures padded by
  // repeating the last column and row. kUnsupported if this FFmpeg lacks the encoder.
  // `gop_frames`: most frames between key frames, 0 is the codec's own choice.
  static Result<std::unique_ptr<VideoEncoder>> Create(const VideoCodec& codec,
                                                      const VideoInfo& video, int crf, int threads,
                                                      int gop_frames = 0);

  // Takes a packet; what it returns is returned by Encode if it isn't OK.
  using TakeFn = std::function<Status(MediaPacket packet)>;

  // Gives `take` what comes out when `frame`, or null for the end, goes in: of H.264 and H.265
  // Annex B packets, in decoding order with pts, dts and duration in video.time_base.
  Status Encode(const Frame* frame, int64_t duration, const TakeFn& take);

  // Holds the parameter sets, if there are any, as Annex B extradata.
  const AVCodecContext& context() const { return *context_; }
  bool padded() const { return padded_; }
  std::string description() const;

 private:
  VideoEncoder(const VideoCodec& codec, int crf) : codec_(codec), crf_(crf) {}
  Status Configure(const VideoInfo& video, int threads, int gop_frames);
  Status Send(const Frame* frame, int64_t duration);
  Result<AvFramePtr> Convert(AvFramePtr picture);
  Result<MediaPacket> Receive();  // kTryAgain or kEndOfStream

  const VideoCodec& codec_;
  int crf_;
  FieldOrder field_order_ = FieldOrder::kProgressive;
  ColorTags color_;
  bool padded_ = false;
  AvCodecContextPtr context_;
  std::unique_ptr<FilterGraph> conversion_;  // where the codec takes no 4:2:0
  std::map<int64_t, int64_t> durations_;     // by pts, of pictures inside the encoder
};

}  // namespace furl::media

#endif  // FURL_MEDIA_WRITE_VIDEO_ENCODER_H_
