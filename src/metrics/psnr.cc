#include "metrics/psnr.h"

#include <algorithm>
#include <cmath>

namespace furl {
namespace {

// Squared differences below 2^20 (10-bit samples) fit a 32-bit sum over this
// many; 16-bit garbage cannot occur because frames promise their bit depth.
constexpr int kBlock = 2048;

uint64_t RowError(const uint16_t* a, const uint16_t* b, int n) {
  uint64_t sum = 0;
  for (int start = 0; start < n; start += kBlock) {
    const int end = std::min(n, start + kBlock);
    uint32_t block = 0;
    for (int x = start; x < end; ++x) {
      const int32_t d = static_cast<int32_t>(a[x]) - b[x];
      block += static_cast<uint32_t>(d * d);
    }
    sum += block;
  }
  return sum;
}

}  // namespace

uint64_t SumSquaredError(ConstPlane a, ConstPlane b) {
  FURL_DASSERT(a.width == b.width && a.height == b.height);
  uint64_t sum = 0;
  for (int y = 0; y < a.height; ++y) sum += RowError(a.row(y), b.row(y), a.width);
  return sum;
}

double MeanSquaredError(ConstPlane a, ConstPlane b, int /*bit_depth*/) {
  return static_cast<double>(SumSquaredError(a, b)) /
         (static_cast<double>(a.width) * static_cast<double>(a.height));
}

double PsnrFromMse(double mse, int bit_depth) {
  if (mse <= 0) return kMaxPsnr;
  const double peak = static_cast<double>((1 << bit_depth) - 1);
  return std::min(kMaxPsnr, 10 * std::log10(peak * peak / mse));
}

}  // namespace furl
