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

// A rate for streams, which every player of the codec takes: 8 bit, key frames where they are asked
// for and at scene cuts, the bits of any `buffer_bits / most_per_second` seconds bounded.
struct StreamRate {
  int64_t bits_per_second = 0;  // the mean
  int64_t most_per_second = 0;  // at least that
  int64_t buffer_bits = 0;
  bool low_delay = false;  // every picture's packet comes at once; faster and coarser
};

class VideoEncoder {
 public:
  // `crf` -1 is lossless where the codec can be. Codecs without odd sizes get pictures padded by
  // repeating the last column and row. kUnsupported if this FFmpeg lacks the encoder.
  // `gop_frames`: most frames between key frames, 0 is the codec's own choice.
  static Result<std::unique_ptr<VideoEncoder>> Create(const VideoCodec& codec,
                                                      const VideoInfo& video, int crf, int threads,
                                                      int gop_frames = 0);

  // The same at a rate, for H.264 alone.
  static Result<std::unique_ptr<VideoEncoder>> CreateForStream(const VideoInfo& video,
                                                               const StreamRate& rate, int threads);

  // Takes a packet; what it returns is returned by Encode if it isn't OK.
  using TakeFn = std::function<Status(MediaPacket packet)>;

  // Gives `take` what comes out when `frame`, or null for the end, goes in: of H.264 and H.265
  // Annex B packets, in decoding order with pts, dts and duration in video.time_base. `key`: of
  // `frame` a key frame is made in any case.
  Status Encode(const Frame* frame, int64_t duration, const TakeFn& take, bool key = false);

  // Holds the parameter sets, if there are any, as Annex B extradata.
  const AVCodecContext& context() const { return *context_; }
  // The same for a writer, with times in video.time_base. kOutOfMemory.
  Result<std::shared_ptr<const AVCodecParameters>> Parameters() const;
  bool padded() const { return padded_; }
  std::string description() const;

 private:
  VideoEncoder(const VideoCodec& codec, int crf) : codec_(codec), crf_(crf) {}
  Status Configure(const VideoInfo& video, int threads, int gop_frames);
  void ConfigureRate(AVDictionary** options);
  Status Send(const Frame* frame, int64_t duration, bool key);
  Result<AvFramePtr> Convert(AvFramePtr picture);
  Result<MediaPacket> Receive();  // kTryAgain or kEndOfStream

  const VideoCodec& codec_;
  int crf_;
  StreamRate rate_;  // 0: by crf
  FieldOrder field_order_ = FieldOrder::kProgressive;
  ColorTags color_;
  bool padded_ = false;
  AvCodecContextPtr context_;
  std::unique_ptr<FilterGraph> conversion_;  // where the codec takes no 4:2:0
  std::map<int64_t, int64_t> durations_;     // by pts, of pictures inside the encoder
};

}  // namespace furl::media

#endif  // FURL_MEDIA_WRITE_VIDEO_ENCODER_H_
