// Rate-distortion optimized quantization of latents.

#ifndef FURL_CODEC_LATENTS_ENCODE_QUANTIZER_H_
#define FURL_CODEC_LATENTS_ENCODE_QUANTIZER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "codec/latents/reconstruction.h"
#include "entropy/symbol_tables.h"

namespace furl::latents {

// Chooses the symbols of runs of `run` latents (1..Trellis::kLongestRun; as many as `indices`, a
// multiple of `run`) at these distances from their means, in 1/64 of their quantizer step: those
// that minimize error^2 + kLagrangian Delta^2 * bits, with bits from the static tables. Latents
// alone choose among the nearest symbol, the one below and 0; with two quantizers a run chooses
// together (trellis.h). With `optimize` off only the error counts. Where the scale index is 0 the
// symbol is 0.
void QuantizeRuns(const SymbolTables& tables, const Reconstruction& reconstruction, int run,
                  std::span<const uint8_t> indices, std::span<const int32_t> distance64,
                  bool optimize, std::vector<int16_t>* q);

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_ENCODE_QUANTIZER_H_
