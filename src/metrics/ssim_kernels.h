// The inner loop of SSIM.

#ifndef FURL_METRICS_SSIM_KERNELS_H_
#define FURL_METRICS_SSIM_KERNELS_H_

#include "image/frame.h"
#include "metrics/ssim.h"

namespace furl {

// Columns of windows that are worked on together: they take 128 samples, whose
// rows stay in the first-level cache.
inline constexpr int kSsimTile = 118;

// exp(-k^2 / (2 sigma^2)) for k = -5..5, scaled to sum 1.
inline constexpr float kSsimWeights[kSsimWindow] = {
    0.00102838008f, 0.00759875814f, 0.0360007721f, 0.109360690f,   0.213005538f,  0.266011725f,
    0.213005538f,   0.109360690f,   0.0360007721f, 0.00759875814f, 0.00102838008f};

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

}  // namespace furl

#endif  // FURL_METRICS_SSIM_KERNELS_H_
