// A prior step in one pass over memory, on the CPU (network/fused_ops.h says why).
// The plain version stays in codec_model.cc.

#ifndef FURL_TRAIN_HYPERPRIOR_FUSED_STEP_H_
#define FURL_TRAIN_HYPERPRIOR_FUSED_STEP_H_

#include "train/base/torch_compat.h"
#include "train/hyperprior/codec_names.h"

namespace furl::train::hyperprior {

// One prior step: see CodecModel::Run for the meaning.
struct CodedStep {
  Tensor bits;     // [N]
  Tensor part;     // dequantized, in steps; 0 where the step doesn't code
  Tensor q;        // no gradient
  Tensor context;  // bfloat16 SignedContext(q), no gradient
};
// y: normalized latents of the group (any strides with channels innermost),
// scale and mean fp32 [N, C, h, w], mean already in steps; shrink [64, 2];
// only positions of the phase are coded.
CodedStep FusedCodeStep(const Tensor& y, const Tensor& scale, const Tensor& mean,
                        const Tensor& shrink, codec::Phase phase, double lagrangian);

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_FUSED_STEP_H_
