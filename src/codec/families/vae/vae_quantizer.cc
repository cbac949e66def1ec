#include "codec/families/vae/vae_quantizer.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked_math.h"

namespace furl::vae {
namespace {

// lambda / Delta^2 = 0.12 squared steps per bit; errors are in 1/64 step and
// costs in 1/256 bit, so J = 100 error^2 + 192 cost keeps everything integer.
constexpr int64_t kErrorWeight = 100;
constexpr int64_t kCostWeight = 192;

constexpr int kMaxSymbol = 32767;

class Chooser {
 public:
  Chooser(const VaeHalf& half, bool optimize) : half_(half), optimize_(optimize) {}

  // `u` is the latent's distance from the mean in 1/64 step.
  int16_t Choose(int32_t u, int scale_index) const {
    if (scale_index == 0) return 0;
    const int32_t magnitude = std::abs(u);
    const int nearest = std::min((magnitude + 32) / 64, kMaxSymbol);
    if (nearest == 0) return 0;
    const int sign = u < 0 ? -1 : 1;
    if (!optimize_) return static_cast<int16_t>(sign * nearest);
    int best = nearest;
    int64_t best_cost = Cost(magnitude, nearest, sign, scale_index);
    for (const int candidate : {nearest - 1, 0}) {
      if (candidate >= best) continue;
      const int64_t cost = Cost(magnitude, candidate, sign, scale_index);
      if (cost < best_cost) {
        best_cost = cost;
        best = candidate;
      }
    }
    return static_cast<int16_t>(sign * best);
  }

 private:
  int64_t Cost(int32_t magnitude, int q, int sign, int scale_index) const {
    int64_t error = magnitude - 64 * q;
    if (q > 0) error += half_.shrink[scale_index * 2 + (q > 1)];
    return kErrorWeight * error * error + kCostWeight * half_.tables->Cost(scale_index, sign * q);
  }

  const VaeHalf& half_;
  const bool optimize_;
};

}  // namespace

void QuantizeStep(const Step& step, const VaeHalf& half, const LocalSteps& steps,
                  std::span<const uint8_t> indices, const Expectation& expected,
                  const nn::Tensor& latent, bool optimize, std::vector<int16_t>* q) {
  const Chooser chooser(half, optimize);
  q->resize(indices.size());
  size_t i = 0;
  ForEachPosition(step, latent.height(), latent.width(), [&](int y, int x) {
    const int16_t* values = latent.S16(y, x) + step.first;
    const int16_t* means = expected.mean->S16(y, x);
    const int16_t* offsets = expected.OffsetsAt(y, x);
    const uint16_t* delta = steps.At(y, x).data() + step.first;
    for (int c = 0; c < step.count; ++c, ++i) {
      // latent = v64 * Delta / 1024, so v64 = latent * 1024 / Delta.
      const int32_t v64 = (values[c] - offsets[c]) * 1024 / delta[c];
      (*q)[i] = chooser.Choose(v64 - means[c], indices[i]);
    }
  });
}

}  // namespace furl::vae
