#include <cmath>

#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"
#include "train/losses/ssim_means.h"

namespace furl::train {
namespace {

// Of rounding to whole samples, the least that decoded pictures have.
constexpr double kRounding = 1.0 / 12;

// [N, C, H, W] to [N, C].
Tensor Decibels(const Tensor& a, const Tensor& b) {
  const auto error = (a - b).square().mean({2, 3});
  return (error + kRounding).log() * (10 / std::log(10.0));
}

}  // namespace

Tensor PsnrLoss(const LossInputs& inputs) {
  const Planes a = ToPlanes(inputs.decoded);
  const Planes b = ToPlanes(inputs.original);
  return JoinPlanes(Decibels(a.luma, b.luma), Decibels(a.chroma, b.chroma)) *
         PixelsOf(inputs.original);
}

}  // namespace furl::train
