#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"
#include "train/losses/ssim_means.h"

namespace furl::train {

Tensor SsimLoss(const LossInputs& inputs) {
  const Planes a = ToPlanes(inputs.decoded);
  const Planes b = ToPlanes(inputs.original);
  const auto ssim = JoinPlanes(SsimOf(a.luma, b.luma).ssim, SsimOf(a.chroma, b.chroma).ssim);
  return (1 - ssim) * PixelsOf(inputs.original);
}

}  // namespace furl::train
