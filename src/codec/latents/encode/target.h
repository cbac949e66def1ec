// What an encoder wants of latents.

#ifndef FURL_CODEC_LATENTS_ENCODE_TARGET_H_
#define FURL_CODEC_LATENTS_ENCODE_TARGET_H_

#include "codec/common/family.h"
#include "nn/tensor.h"

namespace furl::latents {

// The original less the prediction (mid grey in intra frames), packed, with blocks in samples
// flattened. `out` has its shape already.
void PackTarget(const FrameTask& task, const Frame& original, nn::Tensor* out);

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_ENCODE_TARGET_H_
