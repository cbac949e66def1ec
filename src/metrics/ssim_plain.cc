// SSIM as it is defined, for machines without SIMD and as the judge of the rest.

#include <algorithm>

#include "metrics/ssim_kernels.h"

namespace furl {
namespace {

// Of the window at the upper left corner of both planes.
template <typename Sample>
SsimLoss LossOfWindow(const Sample* a, ptrdiff_t a_stride, const Sample* b, ptrdiff_t b_stride,
                      const SsimScale& scale) {
  double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
  for (int y = 0; y < kSsimWindow; ++y) {
    for (int x = 0; x < kSsimWindow; ++x) {
      const double weight = static_cast<double>(kSsimWeights[y]) * kSsimWeights[x];
      const double va = a[y * a_stride + x];
      const double vb = b[y * b_stride + x];
      mean_a += weight * va;
      mean_b += weight * vb;
      aa += weight * va * va;
      bb += weight * vb * vb;
      ab += weight * va * vb;
    }
  }
  const double luminance =
      (2 * mean_a * mean_b + scale.c1) / (mean_a * mean_a + mean_b * mean_b + scale.c1);
  const double contrast_structure = (2 * (ab - mean_a * mean_b) + scale.c2) /
                                    (aa - mean_a * mean_a + bb - mean_b * mean_b + scale.c2);
  return {1 - luminance * contrast_structure, 1 - contrast_structure};
}

template <typename Sample>
SsimLoss SumLoss(PlaneView<const Sample> a, PlaneView<const Sample> b, const SsimScale& scale,
                 const SsimGrid& grid) {
  SsimLoss sum;
  for (int row = 0; row < grid.WindowsDown(a.height); ++row) {
    const int y = row * grid.row_step;
    for (int x = 0; x + kSsimWindow <= a.width; ++x) {
      if (!grid.Has(row, x % 4)) continue;
      const SsimLoss loss = LossOfWindow(a.row(y) + x, a.stride, b.row(y) + x, b.stride, scale);
      sum.ssim += loss.ssim;
      sum.contrast_structure += loss.contrast_structure;
    }
  }
  return sum;
}

}  // namespace

SsimLoss SumSsimLossPlain(ConstPlane a, ConstPlane b, const SsimScale& scale,
                          const SsimGrid& grid) {
  return SumLoss(a, b, scale, grid);
}

SsimLoss SumSsimLossPlain(PlaneView<const float> a, PlaneView<const float> b,
                          const SsimScale& scale, const SsimGrid& grid) {
  return SumLoss(a, b, scale, grid);
}

}  // namespace furl
