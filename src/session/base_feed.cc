#include "session/base_feed.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace furl::session {

Result<std::unique_ptr<BaseFeed>> BaseFeed::Create(const media::BaseOptions& options,
                                                   const media::VideoInfo& video) {
  std::unique_ptr<BaseFeed> feed(new BaseFeed);
  FURL_ASSIGN_OR_RETURN(feed->encoder_, media::BaseEncoder::Create(options, video));
  FURL_ASSIGN_OR_RETURN(feed->decoder_,
                        media::BaseDecoder::Create(feed->encoder_->info(), options.threads));
  return feed;
}

// What is coded is decoded at once: the decoded base is what the encoder sees.
Status BaseFeed::Push(const ConstFramePtr& frame, const Sinks& sinks) {
  if (frame != nullptr) originals_.push_back(frame);
  const auto take = [&](const ConstFramePtr& picture) { return TakePicture(picture, sinks); };
  FURL_RETURN_IF_ERROR(encoder_->Encode(frame, [&](media::MediaPacket packet) -> Status {
    if (packet.key) keys_.insert(packet.pts);
    const Status decoded = decoder_->Decode(&packet, take);
    return decoded.ok() ? sinks.packet(std::move(packet)) : decoded;
  }));
  if (frame != nullptr) return OkStatus();
  FURL_RETURN_IF_ERROR(decoder_->Decode(nullptr, take));
  return originals_.empty() ? OkStatus() : InternalError("the base lacks pictures");
}

Status BaseFeed::TakePicture(const ConstFramePtr& picture, const Sinks& sinks) {
  if (originals_.empty() || originals_.front()->pts != picture->pts) {
    return InternalError("the base's pictures are not those that it was made of");
  }
  const ConstFramePtr original = std::move(originals_.front());
  originals_.pop_front();
  return sinks.frame(original, {picture, keys_.erase(picture->pts) > 0});
}

// x264's scale is furl's, nearly.
int BaseCrf(const std::string& encoder, double crf, BaseUse use) {
  const double x264 = crf + (use == BaseUse::kFilter ? -6 : 6);
  if (encoder == "av1") return static_cast<int>(std::clamp(std::round(1.5 * x264), 1.0, 63.0));
  return static_cast<int>(std::clamp(std::round(x264), 1.0, 51.0));
}

}  // namespace furl::session
