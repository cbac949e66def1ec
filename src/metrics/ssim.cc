#include "metrics/ssim.h"

#include <algorithm>
#include <cmath>

#include "base/aligned_buffer.h"
#include "metrics/ssim_kernels.h"

namespace furl {
namespace {

// Rows of windows of one job. Fixed, so that sums are always split alike.
constexpr int kJobRows = 32;

template <typename Sample>
PlaneView<const Sample> Part(PlaneView<const Sample> plane, int x, int y, int width, int height) {
  return {plane.row(y) + x, plane.stride, width, height};
}

template <typename Sample>
SsimLoss LossOfRows(PlaneView<const Sample> a, PlaneView<const Sample> b, const SsimScale& scale,
                    int first, int rows) {
  constexpr int kMargin = kSsimWindow - 1;
  SsimLoss sum;
  for (int x = 0; x < a.width - kMargin; x += kSsimTile) {
    const int width = std::min(kSsimTile, a.width - kMargin - x) + kMargin;
    const SsimLoss tile = SumSsimLoss(Part(a, x, first, width, rows + kMargin),
                                      Part(b, x, first, width, rows + kMargin), scale);
    sum.ssim += tile.ssim;
    sum.contrast_structure += tile.contrast_structure;
  }
  return sum;
}

template <typename Sample>
Result<SsimMeans> MeansOfPlanes(PlaneView<const Sample> a, PlaneView<const Sample> b,
                                const SsimScale& scale, ThreadPool* pool) {
  FURL_DASSERT(a.width == b.width && a.height == b.height);
  FURL_DASSERT(std::min(a.width, a.height) >= kSsimWindow);
  const int rows = a.height - kSsimWindow + 1;
  const int jobs = (rows + kJobRows - 1) / kJobRows;
  AlignedBuffer<SsimLoss> losses;
  FURL_RETURN_IF_ERROR(losses.Resize(static_cast<size_t>(jobs)));
  ParallelFor(pool, jobs, [&](int job) {
    const int first = job * kJobRows;
    losses[job] = LossOfRows(a, b, scale, first, std::min(kJobRows, rows - first));
  });
  SsimMeans sum;
  for (const SsimLoss& loss : losses.span()) {
    sum.ssim += loss.ssim;
    sum.contrast_structure += loss.contrast_structure;
  }
  const double windows = static_cast<double>(rows) * (a.width - kSsimWindow + 1);
  return SsimMeans{1 - sum.ssim / windows, 1 - sum.contrast_structure / windows};
}

}  // namespace

SsimScale::SsimScale(int bit_depth) {
  const double peak = static_cast<double>((1 << bit_depth) - 1);
  c1 = static_cast<float>(0.01 * peak * 0.01 * peak);
  c2 = static_cast<float>(0.03 * peak * 0.03 * peak);
  center = static_cast<float>(1 << bit_depth);
}

Result<SsimMeans> SsimOfPlanes(ConstPlane a, ConstPlane b, const SsimScale& scale,
                               ThreadPool* pool) {
  return MeansOfPlanes(a, b, scale, pool);
}

Result<SsimMeans> SsimOfPlanes(PlaneView<const float> a, PlaneView<const float> b,
                               const SsimScale& scale, ThreadPool* pool) {
  return MeansOfPlanes(a, b, scale, pool);
}

double SimilarityToDb(double similarity) {
  if (similarity >= 1) return 100;
  return std::min(-10 * std::log10(1 - similarity), 100.0);  // in this order NaN stays NaN
}

}  // namespace furl
