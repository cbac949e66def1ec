#include "codec/common/pack.h"
#include "codec/common/rate_distortion.h"
#include "train/base/units.h"
#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"

namespace furl::train {

Tensor SquaredError(const LossInputs& inputs) {
  const auto error = (inputs.decoded - inputs.original) * kSampleUnit;
  const auto luma = SumItems(error.slice(1, 0, 64).square());
  const auto chroma = SumItems(error.slice(1, 64, kPackedChannels).square());
  return luma + kChromaWeight * chroma;
}

Tensor LumaSquaredError(const Tensor& decoded, const Tensor& original) {
  return SumItems(((decoded - original) * kSampleUnit).slice(1, 0, 64).square());
}

}  // namespace furl::train
