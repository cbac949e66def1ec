#include "codec/common/pack.h"
#include "codec/common/rate_distortion.h"
#include "train/base/units.h"
#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"

namespace furl::train {

Tensor AbsoluteError(const LossInputs& inputs) {
  const auto error = ((inputs.decoded - inputs.original) * kSampleUnit).abs();
  return SumItems(error.slice(1, 0, 64)) +
         kChromaWeight * SumItems(error.slice(1, 64, kPackedChannels));
}

}  // namespace furl::train
