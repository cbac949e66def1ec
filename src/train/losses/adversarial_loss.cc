#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"

namespace furl::train {
namespace {

Tensor PerPixel(const Tensor& patches, const LossInputs& inputs) {
  return patches.flatten(1).mean(1) * PixelsOf(inputs.original);
}

}  // namespace

// J. H. Lim, J. C. Ye, "Geometric GAN", 2017.
Tensor HingeLoss(const LossInputs& inputs) {
  return PerPixel(-inputs.judged_decoded.score, inputs);
}

// X. Mao et al., "Least squares generative adversarial networks", ICCV 2017.
Tensor LeastSquaresLoss(const LossInputs& inputs) {
  return PerPixel((inputs.judged_decoded.score - 1).square(), inputs);
}

}  // namespace furl::train
