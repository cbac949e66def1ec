#include "metrics/ssim.h"

#include <algorithm>
#include <cmath>

#include "base/aligned_buffer.h"
#include "metrics/ssim_kernels.h"

namespace furl {
namespace {

// Rows of windows of one job. Fixed, so that sums are always split alike, and even,
// so that all jobs start in the same column of the sparse grid.
constexpr int kJobRows = 32;
static_assert(kJobRows % 2 == 0);

template <typename Sample>
PlaneView<const Sample> Rows(PlaneView<const Sample> plane, int first, int count) {
  return {plane.row(first), plane.stride, plane.width, count};
}

int64_t CountWindows(const SsimGrid& grid, int width, int height) {
  int64_t windows = 0;
  for (int row = 0; row < grid.WindowsDown(height); ++row) {
    for (int offset = 0; offset < 4; ++offset) {
      if (grid.Has(row, offset)) windows += SsimGrid::WindowsAcross(width, offset);
    }
  }
  return windows;
}

template <typename Sample>
Result<SsimMeans> MeansOfPlanes(PlaneView<const Sample> a, PlaneView<const Sample> b,
                                const SsimScale& scale, ThreadPool* pool) {
  FURL_DASSERT(a.width == b.width && a.height == b.height);
  FURL_DASSERT(std::min(a.width, a.height) >= kSsimWindow);
  const SsimGrid grid(a.width, a.height);
  const int rows = grid.WindowsDown(a.height);
  const int jobs = (rows + kJobRows - 1) / kJobRows;
  AlignedBuffer<SsimLoss> losses;
  FURL_RETURN_IF_ERROR(losses.Resize(static_cast<size_t>(jobs)));
  ParallelFor(pool, jobs, [&](int job) {
    const int first = job * kJobRows;
    const int last = std::min(first + kJobRows, rows) - 1;
    const int y = first * grid.row_step;
    const int height = (last - first) * grid.row_step + kSsimWindow;
    losses[job] = SumSsimLoss(Rows(a, y, height), Rows(b, y, height), scale, grid);
  });
  SsimMeans sum;
  for (const SsimLoss& loss : losses.span()) {
    sum.ssim += loss.ssim;
    sum.contrast_structure += loss.contrast_structure;
  }
  const auto windows = static_cast<double>(CountWindows(grid, a.width, a.height));
  return SsimMeans{1 - sum.ssim / windows, 1 - sum.contrast_structure / windows};
}

}  // namespace

SsimScale::SsimScale(int bit_depth) {
  const double peak = static_cast<double>((1 << bit_depth) - 1);
  c1 = static_cast<float>(0.01 * peak * 0.01 * peak);
  c2 = static_cast<float>(0.03 * peak * 0.03 * peak);
  center = static_cast<float>(peak);
}

SsimGrid::SsimGrid(int width, int height) : row_step(1) {
  const int64_t samples = int64_t{width} * height;
  for (const auto& [from, step] : kSsimRowSteps) {
    if (samples >= from) row_step = step;
  }
}

Result<SsimMeans> SsimOfPlanes(ConstPlane a, ConstPlane b, const SsimScale& scale,
                               ThreadPool* pool) {
  return MeansOfPlanes(a, b, scale, pool);
}

Result<SsimMeans> SsimOfPlanes(PlaneView<const float> a, PlaneView<const float> b,
                               const SsimScale& scale, ThreadPool* pool) {
  return MeansOfPlanes(a, b, scale, pool);
}

}  // namespace furl
