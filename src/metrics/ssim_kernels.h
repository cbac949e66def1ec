// The inner loop of SSIM.

#ifndef FURL_METRICS_SSIM_KERNELS_H_
#define FURL_METRICS_SSIM_KERNELS_H_

#include "image/frame.h"
#include "metrics/ssim.h"

namespace furl {

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

// The losses of all windows of whole rows of two planes of equal size, at least
// kSsimWindow wide and high, that begin at an even row of windows of the grid. The
// definition, window after window in double precision:
SsimLoss SumSsimLossPlain(ConstPlane a, ConstPlane b, const SsimScale& scale, const SsimGrid& grid);
SsimLoss SumSsimLossPlain(PlaneView<const float> a, PlaneView<const float> b,
                          const SsimScale& scale, const SsimGrid& grid);

// The same on the best instructions of this CPU, in floats. Integers must be below
// 2^14.
SsimLoss SumSsimLoss(ConstPlane a, ConstPlane b, const SsimScale& scale, const SsimGrid& grid);
SsimLoss SumSsimLoss(PlaneView<const float> a, PlaneView<const float> b, const SsimScale& scale,
                     const SsimGrid& grid);

}  // namespace furl

#endif  // FURL_METRICS_SSIM_KERNELS_H_
