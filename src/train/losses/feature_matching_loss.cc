#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"

namespace furl::train {

// T.-C. Wang et al., "High-resolution image synthesis and semantic manipulation with conditional
// GANs", CVPR 2018: mean distance in each layer, mean of the layers.
Tensor FeatureMatchingLoss(const LossInputs& inputs) {
  const auto& decoded = inputs.judged_decoded.features;
  const auto& original = inputs.judged_original.features;
  Tensor sum;
  for (size_t i = 0; i < decoded.size(); ++i) {
    const auto distance = (decoded[i] - original[i].detach()).abs().flatten(1).mean(1);
    sum = i == 0 ? distance : sum + distance;
  }
  return sum / static_cast<double>(decoded.size()) * PixelsOf(inputs.original);
}

}  // namespace furl::train
