// The vae family: analysis and synthesis are convolutional networks that both see the prediction
// (docs/vae.md). The prediction of latents is codec/hyperprior's.

#ifndef FURL_CODEC_FAMILIES_VAE_VAE_FAMILY_H_
#define FURL_CODEC_FAMILIES_VAE_VAE_FAMILY_H_

#include "codec/common/family.h"

namespace furl::vae {

inline constexpr FamilyAdvice kAdvice = {
    .take = "Take it where a few percent of the bits are worth three times the work of decoding.",
    .leave = "Not where decoding has to be fast.",
};

// Fails with kInvalidStream where the model lacks what decoding needs.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

}  // namespace furl::vae

#endif  // FURL_CODEC_FAMILIES_VAE_VAE_FAMILY_H_
