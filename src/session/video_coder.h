// VideoCoder: frames to the packets of a file's video, and of the base below it where there is one.

#ifndef FURL_SESSION_VIDEO_CODER_H_
#define FURL_SESSION_VIDEO_CODER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "codec/common/family.h"
#include "codec/enc/encoder.h"
#include "media/media_info.h"
#include "session/base_feed.h"
#include "session/frame_coder.h"

namespace furl::session {

struct EncodeRequest;

class VideoCoder : public FrameCoder {
 public:
  // At one crf, for pictures as the reader delivers them, which is what `info` says; it becomes
  // that of the coded video, with its base and how it was made.
  static Result<std::unique_ptr<VideoCoder>> Create(const EncodeRequest& request, double crf,
                                                    FamilyEncoderPtr family,
                                                    media::MediaInfo* info);

  std::span<const uint8_t> sequence_header() const { return encoder_->sequence_header(); }
  // Sees every frame that is coded; GOPs that are then left to a base among them.
  void SetObserver(std::function<void(const FrameReport&)> observer) {
    encoder_->SetObserver(std::move(observer));
  }

  Status Code(const ConstFramePtr& frame, const TakeFn& take) override;

 private:
  VideoCoder() = default;
  Status OpenBase(const EncodeRequest& request, double crf, media::MediaInfo* info);
  Status TakeVideo(EncodedPacket packet, const TakeFn& take);
  // Of the base, up to the one of that time.
  Status GiveBases(int64_t pts, const TakeFn& take);

  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<BaseFeed> base_;               // where there is one
  std::deque<media::MediaPacket> base_packets_;  // of it, that wait for what furl adds
};

}  // namespace furl::session

#endif  // FURL_SESSION_VIDEO_CODER_H_
