#include "metrics/psnr.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace furl {
namespace {

// Samples of one job: enough to be worth waking a thread for.
constexpr int kJobSamples = 1 << 18;

}  // namespace

uint64_t SquaredErrorScalar(const uint16_t* a, const uint16_t* b, int n) {
  uint64_t sum = 0;
  for (int x = 0; x < n; ++x) {
    const int32_t d = static_cast<int32_t>(a[x]) - b[x];
    sum += static_cast<uint64_t>(d * d);
  }
  return sum;
}

uint64_t SumSquaredError(ConstPlane a, ConstPlane b, ThreadPool* pool) {
  FURL_DASSERT(a.width == b.width && a.height == b.height);
  const int rows = std::max(1, kJobSamples / a.width);
  std::atomic<uint64_t> sum{0};  // integers: any order gives the same
  ParallelFor(pool, (a.height + rows - 1) / rows, [&](int job) {
    uint64_t part = 0;
    const int end = std::min(a.height, (job + 1) * rows);
    for (int y = job * rows; y < end; ++y) part += SquaredError(a.row(y), b.row(y), a.width);
    sum.fetch_add(part, std::memory_order_relaxed);
  });
  return sum.load();
}

double MeanSquaredError(ConstPlane a, ConstPlane b, ThreadPool* pool) {
  return static_cast<double>(SumSquaredError(a, b, pool)) /
         (static_cast<double>(a.width) * static_cast<double>(a.height));
}

double PsnrFromMse(double mse, int bit_depth) {
  if (mse <= 0) return kMaxPsnr;
  const double peak = static_cast<double>((1 << bit_depth) - 1);
  return std::min(kMaxPsnr, 10 * std::log10(peak * peak / mse));
}

}  // namespace furl
