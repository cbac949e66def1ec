#include "codec/latents/predicted.h"

#include <algorithm>

namespace furl::latents {

PlaneTriple PredictedPlanes(const FrameTask& task) {
  const motion::PredictionPlanes& planes = *task.prediction;
  return {planes.pred(0), planes.pred(1), planes.pred(2)};
}

void PackPredicted(const FrameTask& task, nn::Tensor* out) {
  if (!task.intra()) {
    PackSamples(PredictedPlanes(task), task.pool, out);
    return;
  }
  for (int y = 0; y < out->height(); ++y) {
    std::fill_n(out->S16(y, 0), out->width() * kPackedChannels, kGray12);
  }
}

void PackDifference(const FrameTask& task, nn::Tensor* out) {
  constexpr int kShift = 3;
  const motion::PredictionPlanes& planes = *task.prediction;
  PackShifted({planes.difference(0), planes.difference(1), planes.difference(2)}, kShift, task.pool,
              out);
}

}  // namespace furl::latents
