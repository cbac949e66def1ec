// The encoder's side of the vae family.

#ifndef FURL_CODEC_FAMILIES_VAE_ENCODE_VAE_ENCODER_H_
#define FURL_CODEC_FAMILIES_VAE_ENCODE_VAE_ENCODER_H_

#include "codec/common/family.h"

namespace furl::vae {

// `family` is one that vae::CreateFamily made. kUnsupported where its model was stripped of the
// analysis networks; kInvalidStream where they are malformed.
Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family);

}  // namespace furl::vae

#endif  // FURL_CODEC_FAMILIES_VAE_ENCODE_VAE_ENCODER_H_
