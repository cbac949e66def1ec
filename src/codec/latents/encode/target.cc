#include "codec/latents/encode/target.h"

#include "codec/common/pack.h"
#include "codec/latents/encode/flat_samples.h"
#include "codec/latents/predicted.h"

namespace furl::latents {

void PackTarget(const FrameTask& task, const Frame& original, nn::Tensor* out) {
  PlaneTriple predicted;
  if (!task.intra()) predicted = PredictedPlanes(task);
  PackResidual(original, task.intra() ? nullptr : &predicted, task.pool, out);
  if (task.samples != nullptr) FlattenSampleBlocks(*task.samples, task.intra(), out);
}

}  // namespace furl::latents
