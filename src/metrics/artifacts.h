// What means over frames don't show: casts, flicker and single wrong blocks.
//
// A decoded picture whose colours are all a level off, or that is half a level brighter than the
// one before it, or has one block that belongs elsewhere, may score as well as any other and still
// look broken.
//
//   ArtifactMeter meter;
//   for each frame in display order: meter.Add(*original, *decoded);
//   meter.worst_block().error, meter.planes()[1].cast, ...

#ifndef FURL_METRICS_ARTIFACTS_H_
#define FURL_METRICS_ARTIFACTS_H_

#include <array>
#include <cstdint>

#include "base/thread_pool.h"
#include "image/frame.h"

namespace furl {

// Of one plane over all frames, in levels of 8 bits. An error is decoded minus original.
struct PlaneDrift {
  double cast = 0;  // mean error of the frame where it is largest, with its sign
  int64_t cast_frame = 0;
  double flicker = 0;  // largest change of the mean error from a frame to the next, without sign
  int64_t flicker_frame = 0;  // the latter of the two
};

// A block: 16x16 samples of luma, 8x8 of chroma. Those that a plane's edge cuts count as well.
struct WorstBlock {
  double error = -1;  // its mean absolute error in levels of 8 bits; -1 without frames
  int plane = 0;
  int x = 0;  // of its left upper sample, in the plane
  int y = 0;
  int64_t frame = 0;
};

class ArtifactMeter {
 public:
  // The next pair, of one size and depth; those of all pairs are the same. `pool` may be null.
  void Add(const Frame& original, const Frame& decoded, ThreadPool* pool = nullptr);

  const std::array<PlaneDrift, 3>& planes() const { return planes_; }
  // Of several that are equal, the first in display order.
  const WorstBlock& worst_block() const { return worst_block_; }

 private:
  void AddMean(int plane, double error);

  int64_t frames_ = 0;
  std::array<double, 3> last_error_ = {};
  std::array<PlaneDrift, 3> planes_;
  WorstBlock worst_block_;
};

}  // namespace furl

#endif  // FURL_METRICS_ARTIFACTS_H_
