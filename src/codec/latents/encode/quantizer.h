// Rate-distortion optimized quantization of latents.

#ifndef FURL_CODEC_LATENTS_ENCODE_QUANTIZER_H_
#define FURL_CODEC_LATENTS_ENCODE_QUANTIZER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "codec/latents/reconstruction.h"
#include "entropy/symbol_tables.h"

namespace furl::latents {

// The unit of weights of squared errors.
inline constexpr int kUnitWeight = 64;

// Latents whose symbols are chosen together.
struct RunShape {
  int count;  // 1..Trellis::kLongestRun
  // How much the squared error of each counts, in 1/kUnitWeight; empty: all alike.
  std::span<const uint8_t> weights = {};
};

// Chooses the symbols of runs of latents (as many as `indices`, a multiple of a run's) at these
// distances from their means, in 1/64 of their quantizer step: those that minimize
// weight * error^2 + kLagrangian Delta^2 * bits, with bits from the static tables. Latents alone
// choose among the nearest symbol, the one below and 0; with two quantizers a run chooses together
// (trellis.h). With `optimize` off only the error counts. Where the scale index is 0 the symbol
// is 0.
void QuantizeRuns(const SymbolTables& tables, const Reconstruction& reconstruction,
                  const RunShape& run, std::span<const uint8_t> indices,
                  std::span<const int32_t> distance64, bool optimize, std::vector<int16_t>* q);

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_ENCODE_QUANTIZER_H_
