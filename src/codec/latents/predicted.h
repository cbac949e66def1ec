// A task's prediction in the forms that families with latents take.

#ifndef FURL_CODEC_LATENTS_PREDICTED_H_
#define FURL_CODEC_LATENTS_PREDICTED_H_

#include "codec/common/family.h"
#include "codec/common/pack.h"
#include "nn/tensor.h"

namespace furl::latents {

// The prediction's planes of an inter frame's task.
PlaneTriple PredictedPlanes(const FrameTask& task);

// The predicted 12-bit samples, packed; mid grey in intra frames. `out` has its shape already.
void PackPredicted(const FrameTask& task, nn::Tensor* out);

// How far the two predictions of bi-predicted samples of an inter frame are apart, packed, as u7
// (docs/hyperprior.md, "Hyper-latent"); 0 elsewhere. `out` has its shape already.
void PackDifference(const FrameTask& task, nn::Tensor* out);

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_PREDICTED_H_
