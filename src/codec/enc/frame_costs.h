// What the look-ahead knows about one frame: how well its original can be
// predicted from the originals of its references, block by block.
//
// All of it is measured on pictures of half the size, so blocks are 16x16 luma
// samples of the picture and errors are about a quarter of what they are there.

#ifndef FURL_CODEC_ENC_FRAME_COSTS_H_
#define FURL_CODEC_ENC_FRAME_COSTS_H_

#include <memory>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "image/frame.h"
#include "motion/compensate.h"
#include "motion/motion_field.h"
#include "motion/search/motion_search.h"

namespace furl {

// A picture of half the size (rounded up), 8 bit, means of 2x2 luma samples,
// with the border references need. Chroma is left out (zero).
Result<ConstFramePtr> HalfPicture(const Frame& frame);

struct FrameCosts {
  int cols = 0;  // blocks
  int rows = 0;
  // Per block, row after row: mean squared error of the prediction, or
  // deviation from the block's own mean where that is smaller, per sample at 8 bits.
  std::vector<float> error;
  // Per block: how much a squared error in it matters beside one elsewhere in the frame, 1 on
  // (geometric) average; empty: all alike.
  std::vector<float> weight;
  // Motion the prediction was made with, one cell per block (vectors count
  // quarter samples at half size); null for intra frames.
  std::shared_ptr<const motion::MotionField> field;
  // Estimated price of the frame's residual, and of the frame itself without
  // any prediction, in bits' worth of rate and error at the analyzer's step.
  double inter_cost = 0;
  double intra_cost = 0;
};

// A frame, half size, with up to two references.
struct CostRequest {
  ConstFramePtr half;
  ConstFramePtr refs[2];  // null: not there
  int distance[2] = {1, 1};
};

// Measures frames. Not thread-safe.
class CostAnalyzer {
 public:
  // `step`: quantizer step that costs are estimated for, 8-bit sample units of
  // the picture. `masking`: errors weigh by the block's variance to the power of -masking; 0:
  // alike.
  explicit CostAnalyzer(double step, double masking = 0);

  // Inter costs with the request's references, or intra costs without any.
  Result<FrameCosts> Measure(const CostRequest& request, ThreadPool* pool);

 private:
  // Of blocks with these variances.
  std::vector<float> Weights(const std::vector<float>& variances) const;
  Status Predict(const CostRequest& request, ThreadPool* pool, FrameCosts* costs);

  double step_;  // at half size
  double masking_;
  motion::MotionSearch search_;
  motion::PredictionPlanes planes_;
  int width_ = 0;  // of planes_
  int height_ = 0;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_FRAME_COSTS_H_
