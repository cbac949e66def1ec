// Rate-distortion optimized quantization of latents (encoder only).

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_QUANTIZER_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_QUANTIZER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "codec/families/transform/transform_nets.h"
#include "codec/families/transform/transform_symbols.h"

namespace furl::transform {

// How far the latents of a pass lie from their means, in coding order and 1/64
// of their Delta. Expectations and Delta are local; `latent` is the analysis output.
void MeasureDistances(const Pass& pass, const LocalSteps& steps, const Expectation& expected,
                      const nn::Tensor& latent, std::vector<int32_t>* distance64);

// Chooses the symbols of one pass, in coding order, for latents at these
// distances from their means: those that minimize error^2 + 0.12 Delta^2 * bits,
// with bits from the static tables. Latents alone choose among the nearest
// symbol, the one below and 0; with two quantizers a run chooses together
// (transform_trellis.h). With `optimize` off only the error counts. Where the scale
// index is 0 the symbol is 0.
void QuantizePass(const Pass& pass, const FrameNets& nets, std::span<const uint8_t> indices,
                  std::span<const int32_t> distance64, bool optimize, std::vector<int16_t>* q);

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_QUANTIZER_H_
