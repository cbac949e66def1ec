#include "metrics/ms_ssim.h"
#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"
#include "train/losses/ssim_means.h"

namespace furl::train {
namespace {

// The metric counts negative means as 0, where powers have no slope; this is next to nothing, too.
constexpr double kLeastFactor = 1e-4;

// 2x2 means; of an odd size the last row or column counts twice.
Tensor Halve(const Tensor& x) {
  const auto even = torch::replication_pad2d(x, {0, x.size(3) % 2, 0, x.size(2) % 2});
  return torch::avg_pool2d(even, 2);
}

// MS-SSIM of each plane, [N, C].
Tensor MsSsimOf(Tensor a, Tensor b) {
  const int scales = MsSsimScales(static_cast<int>(a.size(3)), static_cast<int>(a.size(2)));
  double exponents = 0;
  for (int i = 0; i < scales; ++i) exponents += kMsSsimExponents[i];
  Tensor product;
  for (int i = 0; i < scales; ++i) {
    if (i > 0) {
      a = Halve(a);
      b = Halve(b);
    }
    const PlaneSsim means = SsimOf(a, b);
    const auto& mean = i == scales - 1 ? means.ssim : means.contrast_structure;
    const auto factor = mean.clamp_min(kLeastFactor).pow(kMsSsimExponents[i] / exponents);
    product = i == 0 ? factor : product * factor;
  }
  return product;
}

}  // namespace

Tensor MsSsimLoss(const LossInputs& inputs) {
  const Planes a = ToPlanes(inputs.decoded);
  const Planes b = ToPlanes(inputs.original);
  const auto similarity = JoinPlanes(MsSsimOf(a.luma, b.luma), MsSsimOf(a.chroma, b.chroma));
  return (1 - similarity) * PixelsOf(inputs.original);
}

}  // namespace furl::train
