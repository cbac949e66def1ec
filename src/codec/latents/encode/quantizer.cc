#include "codec/latents/encode/quantizer.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "codec/latents/encode/trellis.h"

namespace furl::latents {
namespace {

// Of runs whose errors count alike.
constexpr auto kAlike = [] {
  std::array<uint8_t, Trellis::kLongestRun> weights;
  weights.fill(kUnitWeight);
  return weights;
}();

class Chooser {
 public:
  Chooser(const SymbolCosts& costs, bool optimize) : costs_(costs), optimize_(optimize) {}

  // `u` is the latent's distance from the mean in 1/64 step.
  int16_t Choose(int32_t u, int scale_index, int weight) const {
    if (scale_index == 0) return 0;
    const int32_t magnitude = std::abs(u);
    const int nearest = std::min((magnitude + 32) / 64, SymbolTables::kMaxSymbol);
    if (nearest == 0) return 0;
    const int sign = u < 0 ? -1 : 1;
    if (!optimize_) return static_cast<int16_t>(sign * nearest);
    int best = sign * nearest;
    int64_t best_cost = costs_.Of({u, weight}, 0, scale_index, best);
    for (const int candidate : {sign * (nearest - 1), 0}) {
      if (std::abs(candidate) >= std::abs(best)) continue;
      const int64_t cost = costs_.Of({u, weight}, 0, scale_index, candidate);
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

void QuantizeRuns(const SymbolTables& tables, const Reconstruction& reconstruction,
                  const RunShape& run, std::span<const uint8_t> indices,
                  std::span<const int32_t> distance64, bool optimize, std::vector<int16_t>* q) {
  q->resize(indices.size());
  const SymbolCosts costs(tables, reconstruction);
  const std::span<const uint8_t> weights =
      run.weights.empty() ? std::span(kAlike).first(run.count) : run.weights;
  if (tables.quantizers() == 1) {
    const Chooser chooser(costs, optimize);
    for (size_t i = 0; i < q->size(); ++i) {
      (*q)[i] = chooser.Choose(distance64[i], indices[i], weights[i % run.count]);
    }
    return;
  }
  Trellis trellis(costs);
  for (size_t i = 0; i < q->size(); i += run.count) {
    trellis.Quantize(distance64.subspan(i, run.count), indices.subspan(i, run.count), weights,
                     optimize, q->data() + i);
  }
}

}  // namespace furl::latents
