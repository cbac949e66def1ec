#include "train/losses/ssim_means.h"

#include <algorithm>

#include "metrics/ssim.h"
#include "metrics/ssim_kernels.h"

namespace furl::train {
namespace {

constexpr int kBitDepth = 8;
constexpr double kCenter = 127.5;  // taken from samples, to keep squares small

// Weighted means of the windows inside each plane of [n, 1, H, W].
Tensor WindowMeans(const Tensor& x) {
  const auto weights =
      torch::tensor(at::ArrayRef<float>(kSsimWeights, kSsimWindow)).to(x.options());
  return torch::conv2d(torch::conv2d(x, weights.reshape({1, 1, 1, -1})),
                       weights.reshape({1, 1, -1, 1}));
}

}  // namespace

PlaneSsim SsimOf(const Tensor& a, const Tensor& b) {
  TORCH_CHECK(std::min(a.size(2), a.size(3)) >= kSsimWindow, "a plane is smaller than 11x11");
  const SsimScale scale(kBitDepth);
  const auto x = (a - kCenter).flatten(0, 1).unsqueeze(1);  // [N C, 1, H, W]
  const auto y = (b - kCenter).flatten(0, 1).unsqueeze(1);
  const auto means = WindowMeans(torch::cat({x, y, x * x + y * y, x * y})).chunk(4);
  const auto product = means[0] * means[1];
  const auto squares = means[0].square() + means[1].square();
  const auto mean_a = means[0] + kCenter;
  const auto mean_b = means[1] + kCenter;
  const auto luminance =
      (2 * mean_a * mean_b + scale.c1) / (mean_a.square() + mean_b.square() + scale.c1);
  const auto contrast_structure =
      (2 * (means[3] - product) + scale.c2) / (means[2] - squares + scale.c2);
  const auto per_plane = [&](const Tensor& map) {
    return map.flatten(1).mean(1).reshape({a.size(0), a.size(1)});
  };
  return {per_plane(luminance * contrast_structure), per_plane(contrast_structure)};
}

Tensor JoinPlanes(const Tensor& luma, const Tensor& chroma) {
  return (6 * luma.sum(1) + chroma.sum(1)) / 8;
}

}  // namespace furl::train
