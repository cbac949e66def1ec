// TemporalFilter: takes noise out of pictures that many others are predicted from. What differs
// from the pictures around it without having moved is noise, which costs bits and predicts nothing.

#ifndef FURL_CODEC_ENC_TEMPORAL_FILTER_H_
#define FURL_CODEC_ENC_TEMPORAL_FILTER_H_

#include <span>

#include "base/status.h"
#include "base/thread_pool.h"
#include "image/frame.h"
#include "motion/compensate.h"

namespace furl {

// An original near another one in display order.
struct NearbyFrame {
  ConstFramePtr frame;
  int distance = 0;  // frames from that to this one, not 0
};

// Every sample becomes a mean of itself and what the pictures nearby predict for it, which weighs
// the less the more it differs. As J. Enhorn, R. Sjoberg and P. Wennersten, "A temporal pre-filter
// for video coding based on bilateral filtering", IEEE ICIP 2020, but with the motion of furl's own
// search and with changes limited by the quantizer step.
class TemporalFilter {
 public:
  static Result<TemporalFilter> Create(int width, int height);

  // `frame` filtered, in a frame of its own. All pictures have the size given to Create and one bit
  // depth. `step`: the quantizer step of the frame in 8-bit levels; `strength`: 1 for frames that
  // everything else depends on. The result does not depend on `pool`, which may be null.
  Result<ConstFramePtr> Apply(const ConstFramePtr& frame, std::span<const NearbyFrame> nearby,
                              double step, double strength, ThreadPool* pool);

 private:
  TemporalFilter() = default;

  // Predicts `frame` from one picture nearby.
  Status Predict(const ConstFramePtr& frame, const NearbyFrame& nearby, double step,
                 ThreadPool* pool);

  motion::PredictionPlanes predicted_;  // from one of the pictures nearby
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_TEMPORAL_FILTER_H_
