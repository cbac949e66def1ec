#include "codec/enc/frame_price.h"

#include <cmath>
#include <cstdint>

#include "codec/common/rate_distortion.h"

namespace furl {
namespace {

// Of two planes of one size.
double SumOfSquares(const ConstPlane& a, const ConstPlane& b) {
  int64_t sum = 0;
  for (int y = 0; y < a.height; ++y) {
    const uint16_t* row_a = a.row(y);
    const uint16_t* row_b = b.row(y);
    for (int x = 0; x < a.width; ++x) {
      const int difference = row_a[x] - row_b[x];
      sum += difference * difference;
    }
  }
  return static_cast<double>(sum);
}

}  // namespace

double WeightedError(const Frame& target, const Frame& picture) {
  double error = 0;
  for (int p = 0; p < 3; ++p) {
    const double weight = p == 0 ? 1 : kChromaWeight;
    error += weight * SumOfSquares(target.plane(p), picture.plane(p));
  }
  return error * std::exp2(2 * (8 - target.bit_depth()));
}

double PriceOf(const CodedFrame& coded, const Frame& target, double step) {
  const double error = WeightedError(target, *coded.reconstruction->frame);
  const auto bytes = static_cast<double>(coded.side.size() + coded.latents.size());
  return 8 * bytes + error / (kLagrangian * step * step);
}

}  // namespace furl
