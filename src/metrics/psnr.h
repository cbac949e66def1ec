// Peak signal-to-noise ratio of a plane.

#ifndef FURL_METRICS_PSNR_H_
#define FURL_METRICS_PSNR_H_

#include <cstddef>
#include <cstdint>

#include "base/thread_pool.h"
#include "image/frame.h"

namespace furl {

// Score of identical planes, and the ceiling of every PSNR: sequences with
// repeated frames keep a finite average.
inline constexpr double kMaxPsnr = 100.0;

// Exact sum of squared differences of two rows of `n` samples below 2^10: the
// definition, and the same on the best instructions of this CPU.
uint64_t SquaredErrorScalar(const uint16_t* a, const uint16_t* b, int n);
uint64_t SquaredError(const uint16_t* a, const uint16_t* b, int n);

// Exact sum of squared differences of two planes of equal size.
uint64_t SumSquaredError(ConstPlane a, ConstPlane b, ThreadPool* pool = nullptr);

// SumSquaredError per sample; the raw measurement of the "psnr" metric.
double MeanSquaredError(ConstPlane a, ConstPlane b, ThreadPool* pool = nullptr);

// 10 log10((2^bit_depth - 1)^2 / mse) in dB, at most kMaxPsnr.
double PsnrFromMse(double mse, int bit_depth);

}  // namespace furl

#endif  // FURL_METRICS_PSNR_H_
