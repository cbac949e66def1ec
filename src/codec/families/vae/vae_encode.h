// The encoder's choices for one frame of the vae family: several attempts at
// the same frame, of which the best in the rate-distortion sense is kept.

#ifndef FURL_CODEC_FAMILIES_VAE_VAE_ENCODE_H_
#define FURL_CODEC_FAMILIES_VAE_VAE_ENCODE_H_

#include <vector>

#include "codec/common/family.h"
#include "codec/families/vae/vae_frame.h"
#include "codec/families/vae/vae_model.h"
#include "codec/families/vae/vae_statistics.h"

namespace furl::vae {

// See Family::EncodeFrame. `observer` may be null.
Status EncodeVaeFrame(const VaeHalf& half, const FrameTask& task,
                      const FamilyEncodeOptions& options, const Frame& original,
                      const FrameObserver& observer, VaeState* state, RangeEncoder* side,
                      std::vector<uint8_t>* latents, Frame* reconstruction);

}  // namespace furl::vae

#endif  // FURL_CODEC_FAMILIES_VAE_VAE_ENCODE_H_
