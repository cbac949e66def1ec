// BaseFeed: frames on their way into an encoder, each with the picture of the base of its time.

#ifndef FURL_SESSION_BASE_FEED_H_
#define FURL_SESSION_BASE_FEED_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/rational.h"
#include "codec/enc/encoder.h"
#include "session/base_source.h"

namespace furl::session {

class BaseFeed {
 public:
  // Frames come from `original`, for messages, with times in `ticks`; those of the source count in
  // `base_ticks`.
  BaseFeed(std::unique_ptr<BaseSource> base, std::string original, Rational ticks,
           Rational base_ticks);

  const BaseSource& base() const { return *base_; }

  // Where things go that are ready; what they return is returned by Push if it isn't OK. Frames
  // have the times of the base.
  struct Sinks {
    std::function<Status(media::MediaPacket packet)> packet;  // as BaseSource::Sinks has it
    std::function<Status(const ConstFramePtr& frame, const Encoder::BaseInput& base)> frame;
  };
  // Takes a frame, or null for the end. Frames wait until their base's picture is there.
  // kVerifyFailed, naming the place, where the two don't belong together: pictures are paired in
  // order, and their times since the first one may differ by half of what they last.
  Status Push(const ConstFramePtr& frame, const Sinks& sinks);

 private:
  Status PairReady(const Sinks& sinks);
  Result<ConstFramePtr> Paired(const Frame& picture);
  // Since the first frame or picture.
  double SecondsOf(const Frame& original) const;
  double BaseSecondsOf(const Frame& picture) const;
  Status Mismatch(const std::string& has, double seconds, const std::string& lacks) const;

  const std::unique_ptr<BaseSource> base_;
  const std::string original_;
  const Rational ticks_;
  const Rational base_ticks_;
  std::deque<ConstFramePtr> originals_;  // whose base has not come yet
  std::deque<ConstFramePtr> pictures_;   // of the base, whose original has not come yet
  std::set<int64_t> keys_;               // times of its key frames whose picture is not paired yet
  std::optional<int64_t> first_;         // times of the first pair
  std::optional<int64_t> base_first_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_BASE_FEED_H_
