// BaseEncoder: frames to the packets of a base (docs/hybrid.md), smaller where wanted.

#ifndef FURL_MEDIA_BASE_BASE_ENCODER_H_
#define FURL_MEDIA_BASE_BASE_ENCODER_H_

#include <functional>
#include <memory>
#include <string>

#include "base/rational.h"
#include "base/status.h"
#include "bitstream/sequence_header.h"
#include "media/filter/frame_scaler.h"
#include "media/media_info.h"
#include "media/write/video_encoder.h"

namespace furl::media {

struct BaseOptions {
  std::string encoder;      // "x264", "x265" or "av1"
  Rational scale = {1, 2};  // of each side; at least 1/4, at most 1
  int crf = 30;             // the encoder's own
  int gop_frames = 50;      // most frames between key frames
  int threads = 0;
};

class BaseEncoder {
 public:
  // For frames of `video`. kInvalidArgument names an option out of its range, kUnsupported an
  // encoder that this FFmpeg lacks.
  static Result<std::unique_ptr<BaseEncoder>> Create(const BaseOptions& options,
                                                     const VideoInfo& video);

  ~BaseEncoder();

  // As Matroska has it; times in the video's time base.
  const BaseInfo& info() const { return info_; }
  // Of its pictures.
  const BaseFormat& format() const { return format_; }
  // "8-bit H.264, lossy (x264, crf 42), 240x136", for people.
  std::string description() const;

  // Gives `take` the packets that are ready when `frame`, or null for the end, has come: in
  // decoding order, of stream kBaseStream. What it returns is returned if it isn't OK.
  using TakeFn = std::function<Status(MediaPacket packet)>;
  Status Encode(const ConstFramePtr& frame, const TakeFn& take);

 private:
  BaseEncoder() = default;

  BaseInfo info_;
  BaseFormat format_;
  std::unique_ptr<FrameScaler> scaler_;
  std::unique_ptr<VideoEncoder> encoder_;
  bool used_ = false;
};

// Whether the packets of such an encoder can carry furl's (media/sei/user_data_sei.h).
// kInvalidArgument if there is none of that name.
Result<bool> BaseCarries(const std::string& encoder);

// The names that BaseOptions::encoder may have, commas between.
std::string BaseEncoderNames();

}  // namespace furl::media

#endif  // FURL_MEDIA_BASE_BASE_ENCODER_H_
