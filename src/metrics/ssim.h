// Structural similarity of a plane.
//
// Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality
// assessment: from error visibility to structural similarity", IEEE
// Transactions on Image Processing 13 (2004), with the paper's parameters: a
// circular Gaussian window of 11x11 samples and sigma 1.5 that sums to 1,
// K1 = 0.01, K2 = 0.03, L = 2^bits - 1. Windows lie inside the plane, around every
// sample or, in large planes, a part of them (SsimGrid), weighted variances are
// those of the whole window (no sample correction), and nothing is downsampled
// beforehand, unlike in some implementations of the authors and of libvmaf.

#ifndef FURL_METRICS_SSIM_H_
#define FURL_METRICS_SSIM_H_

#include <cstdint>

#include "base/status.h"
#include "base/thread_pool.h"
#include "image/frame.h"

namespace furl {

inline constexpr int kSsimWindow = 11;

// Constants and offset in units of samples.
struct SsimScale {
  explicit SsimScale(int bit_depth);
  float c1;      // (K1 L)^2
  float c2;      // (K2 L)^2
  float center;  // L: taken from sums of two samples, to keep squares small
};

// Where windows stand, by their upper left corner. In small planes around every
// sample. In larger ones at every row_step-th row, from 0, and there at columns
// 0, 4, 8, ... in even rows of windows and 2, 6, 10, ... in odd ones. Odd steps, for
// then the rows take turns through the 8x8 and 4x4 blocks that coded pictures are
// made of; errors differ between the rows of a block.
struct SsimGrid {
  SsimGrid(int width, int height);

  // Rows of windows in planes `height` samples high, at least kSsimWindow.
  int WindowsDown(int height) const { return (height - kSsimWindow) / row_step + 1; }
  // Whether row `row` has windows at columns 4 n + offset, offset in 0..3.
  bool Has(int row, int offset) const { return row_step == 1 || offset == row % 2 * 2; }
  // How many of these lie inside `width` samples, at least kSsimWindow.
  static int WindowsAcross(int width, int offset) { return (width - kSsimWindow - offset + 4) / 4; }

  int row_step;
};

// Steps of rows by the number of samples of a plane from which they are taken. So
// there are about 10,000 windows or more, and the mean of a coded picture is that of
// all windows within 0.001 (measured: docs/benchmarking.md).
struct SsimRowStep {
  int64_t from_samples;
  int step;
};
inline constexpr SsimRowStep kSsimRowSteps[] = {{1 << 17, 3}, {500000, 5}, {1 << 20, 7}};

// Averages over all windows: of SSIM, and of its contrast and structure factor
// alone (2 s_xy + c2) / (s_x^2 + s_y^2 + c2).
struct SsimMeans {
  double ssim = 0;
  double contrast_structure = 0;
};

// Planes of equal size, at least kSsimWindow a side; samples are integers or,
// between the scales of MS-SSIM, fractions. Arithmetic is float, sums double;
// the result doesn't depend on the number of threads, and differs from exact
// arithmetic by less than 1e-5 (1e-4 where white stands against black).
Result<SsimMeans> SsimOfPlanes(ConstPlane a, ConstPlane b, const SsimScale& scale,
                               ThreadPool* pool);
Result<SsimMeans> SsimOfPlanes(PlaneView<const float> a, PlaneView<const float> b,
                               const SsimScale& scale, ThreadPool* pool);

}  // namespace furl

#endif  // FURL_METRICS_SSIM_H_
