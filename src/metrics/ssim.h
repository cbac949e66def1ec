// Structural similarity of a plane.
//
// Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality
// assessment: from error visibility to structural similarity", IEEE
// Transactions on Image Processing 13 (2004), with the paper's parameters: a
// circular Gaussian window of 11x11 samples and sigma 1.5 that sums to 1,
// K1 = 0.01, K2 = 0.03, L = 2^bits - 1. The window stands around every sample
// where it lies inside the plane (borders give (width - 10) x (height - 10)
// windows), weighted variances are those of the whole window (no sample
// correction), and nothing is downsampled beforehand, unlike in some
// implementations of the authors and of libvmaf.

#ifndef FURL_METRICS_SSIM_H_
#define FURL_METRICS_SSIM_H_

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
  float center;  // 2^bits: taken from sums of two samples, to keep squares small
};

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

// -10 log10(1 - similarity), at most 100: the scale on which curves of SSIM and
// MS-SSIM are drawn and their BD-rates computed.
double SimilarityToDb(double similarity);

}  // namespace furl

#endif  // FURL_METRICS_SSIM_H_
