#include "session/base_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "media/libav/libav_util.h"

namespace furl::session {

BaseFeed::BaseFeed(std::unique_ptr<BaseSource> base, std::string original, Rational ticks,
                   Rational base_ticks)
    : base_(std::move(base)),
      original_(std::move(original)),
      ticks_(ticks),
      base_ticks_(base_ticks) {}

Status BaseFeed::Push(const ConstFramePtr& frame, const Sinks& sinks) {
  if (frame != nullptr) originals_.push_back(frame);
  BaseSource::Sinks own;
  own.packet = [&](media::MediaPacket packet) {
    if (packet.stream == media::kBaseStream && packet.key) keys_.insert(packet.pts);
    return sinks.packet(std::move(packet));
  };
  own.picture = [&](const ConstFramePtr& picture) {
    pictures_.push_back(picture);
    return PairReady(sinks);
  };
  const Status advanced = base_->Advance(frame, own);
  const bool ended = frame == nullptr || advanced.code() == StatusCode::kEndOfStream;
  if (ended && !originals_.empty()) {
    return Mismatch(original_, SecondsOf(*originals_.front()), base_->name());
  }
  return advanced;
}

Status BaseFeed::PairReady(const Sinks& sinks) {
  while (!pictures_.empty()) {
    const ConstFramePtr picture = std::move(pictures_.front());
    pictures_.pop_front();
    FURL_ASSIGN_OR_RETURN(const ConstFramePtr frame, Paired(*picture));
    FURL_RETURN_IF_ERROR(sinks.frame(frame, {picture, keys_.erase(picture->pts) > 0}));
  }
  return OkStatus();
}

// The next original, if it is that of the picture, whose times it gets.
Result<ConstFramePtr> BaseFeed::Paired(const Frame& picture) {
  if (!base_first_) base_first_ = picture.pts;
  const double base_seconds = BaseSecondsOf(picture);
  if (originals_.empty()) return Mismatch(base_->name(), base_seconds, original_);
  ConstFramePtr original = std::move(originals_.front());
  originals_.pop_front();
  if (!first_) first_ = original->pts;
  const double seconds = SecondsOf(*original);
  const double lasts = std::min(static_cast<double>(original->duration) * ticks_.value(),
                                static_cast<double>(picture.duration) * base_ticks_.value());
  if (std::abs(seconds - base_seconds) > std::max(lasts, 0.0) / 2) {
    const bool early = seconds < base_seconds;
    return Mismatch(early ? original_ : base_->name(), std::min(seconds, base_seconds),
                    early ? base_->name() : original_);
  }
  if (original->pts == picture.pts && ticks_ == base_ticks_) return original;
  FURL_ASSIGN_OR_RETURN(const FramePtr frame, original->Copy());
  frame->pts = picture.pts;
  frame->duration = picture.duration;
  return ConstFramePtr(frame);
}

double BaseFeed::SecondsOf(const Frame& original) const {
  return static_cast<double>(original.pts - first_.value_or(original.pts)) * ticks_.value();
}

double BaseFeed::BaseSecondsOf(const Frame& picture) const {
  return static_cast<double>(picture.pts - *base_first_) * base_ticks_.value();
}

Status BaseFeed::Mismatch(const std::string& has, double seconds, const std::string& lacks) const {
  return Status(StatusCode::kVerifyFailed,
                fmt::format("{} and {} are not of one video: {} has a picture {:.3f} s after its "
                            "first that {} lacks",
                            original_, base_->name(), has, seconds, lacks));
}

}  // namespace furl::session
