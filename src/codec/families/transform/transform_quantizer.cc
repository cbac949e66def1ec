#include "codec/families/transform/transform_quantizer.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked_math.h"
#include "codec/families/transform/transform_trellis.h"

namespace furl::transform {
namespace {

class Chooser {
 public:
  Chooser(const FrameNets& nets, bool optimize) : costs_(nets), optimize_(optimize) {}

  // `u` is the latent's distance from the mean in 1/64 step.
  int16_t Choose(int32_t u, int scale_index) const {
    if (scale_index == 0) return 0;
    const int32_t magnitude = std::abs(u);
    const int nearest = std::min((magnitude + 32) / 64, SymbolTables::kMaxSymbol);
    if (nearest == 0) return 0;
    const int sign = u < 0 ? -1 : 1;
    if (!optimize_) return static_cast<int16_t>(sign * nearest);
    int best = sign * nearest;
    int64_t best_cost = costs_.Of(u, 0, scale_index, best);
    for (const int candidate : {sign * (nearest - 1), 0}) {
      if (std::abs(candidate) >= std::abs(best)) continue;
      const int64_t cost = costs_.Of(u, 0, scale_index, candidate);
      if (cost < best_cost) {
        best_cost = cost;
        best = candidate;
      }
    }
    return static_cast<int16_t>(best);
  }

 private:
  const SymbolCosts costs_;
  const bool optimize_;
};

}  // namespace

void MeasureDistances(const Pass& pass, const LocalSteps& steps, const Expectation& expected,
                      const nn::Tensor& latent, std::vector<int32_t>* distance64) {
  distance64->clear();
  ForEachPosition(pass, latent.height(), latent.width(), [&](int y, int x) {
    const int16_t* values = latent.S16(y, x) + pass.first;
    const int16_t* means = expected.mean->S16(y, x);
    const int16_t* offsets = expected.OffsetsAt(y, x);
    const uint16_t* delta = steps.At(y, x).data() + pass.first;
    const size_t at = distance64->size();
    distance64->resize(at + pass.count);
    for (int c = 0; c < pass.count; ++c) {
      // latent = v64 * Delta / 1024, so v64 = latent * 1024 / Delta.
      (*distance64)[at + c] = (values[c] - offsets[c]) * 1024 / delta[c] - means[c];
    }
  });
}

void QuantizePass(const Pass& pass, const FrameNets& nets, std::span<const uint8_t> indices,
                  std::span<const int32_t> distance64, bool optimize, std::vector<int16_t>* q) {
  q->resize(indices.size());
  if (nets.tables->quantizers() == 1) {
    const Chooser chooser(nets, optimize);
    for (size_t i = 0; i < q->size(); ++i) (*q)[i] = chooser.Choose(distance64[i], indices[i]);
    return;
  }
  Trellis trellis(nets);
  for (size_t i = 0; i < q->size(); i += pass.count) {
    trellis.Quantize(distance64.subspan(i, pass.count), indices.subspan(i, pass.count), optimize,
                     q->data() + i);
  }
}

}  // namespace furl::transform
