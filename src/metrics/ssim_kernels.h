// The inner loop of SSIM.

#ifndef FURL_METRICS_SSIM_KERNELS_H_
#define FURL_METRICS_SSIM_KERNELS_H_

#include "image/frame.h"
#include "metrics/ssim.h"

namespace furl {

// Columns of windows that are worked on together: their rows stay in the
// first-level cache.
inline constexpr int kSsimTile = 128;

// What windows lose against 1, summed: 1 - SSIM, and 1 - its contrast and
// structure factor.
struct SsimLoss {
  double ssim = 0;
  double contrast_structure = 0;
};

// Sums over all windows of a part of two planes, of equal size: kSsimWindow to
// kSsimWindow + kSsimTile - 1 wide, at least kSsimWindow high.
SsimLoss SumSsimLoss(ConstPlane a, ConstPlane b, const SsimScale& scale);
SsimLoss SumSsimLoss(PlaneView<const float> a, PlaneView<const float> b, const SsimScale& scale);

// exp(-k^2 / (2 sigma^2)) for k = -5..5, scaled to sum 1.
extern const float kSsimWeights[kSsimWindow];

}  // namespace furl

#endif  // FURL_METRICS_SSIM_KERNELS_H_
