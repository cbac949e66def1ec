// Rate-distortion optimized quantization of latents (encoder only).

#ifndef FURL_CODEC_FAMILIES_VAE_VAE_QUANTIZER_H_
#define FURL_CODEC_FAMILIES_VAE_VAE_QUANTIZER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "codec/families/vae/vae_model.h"
#include "codec/families/vae/vae_symbols.h"

namespace furl::vae {

// Chooses the symbols of one step, in coding order: per latent the one of
// nearest, nearest - 1 and 0 that minimizes error^2 + 0.12 Delta^2 * bits, with
// bits from the static tables. Expectations and Delta are local. Where the scale index is 0 the
// symbol must be 0. With `optimize` off it is plain rounding. `latent` is the analysis output.
void QuantizeStep(const Step& step, const VaeHalf& half, const LocalSteps& steps,
                  std::span<const uint8_t> indices, const Expectation& expected,
                  const nn::Tensor& latent, bool optimize, std::vector<int16_t>* q);

}  // namespace furl::vae

#endif  // FURL_CODEC_FAMILIES_VAE_VAE_QUANTIZER_H_
