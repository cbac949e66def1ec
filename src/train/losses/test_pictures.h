// Pictures that tests of losses use: edges, waves and texture, and the same as a coarse codec would
// show them.

#ifndef FURL_TRAIN_LOSSES_TEST_PICTURES_H_
#define FURL_TRAIN_LOSSES_TEST_PICTURES_H_

#include "codec/common/pack.h"
#include "train/base/torch_compat.h"
#include "train/base/units.h"

namespace furl::train {

// Whole 8-bit samples, [n, planes, side, side].
inline Tensor TestPlanes(int64_t n, int64_t planes, int64_t side) {
  const auto line = torch::arange(side, torch::kFloat32);
  const auto x = line.reshape({1, 1, 1, side});
  const auto y = line.reshape({1, 1, side, 1});
  const auto item = torch::arange(n * planes, torch::kFloat32).reshape({n, planes, 1, 1});
  const auto waves = 50 * torch::sin(x / (5 + item) + y / 11);
  const auto edges = 40 * ((x + 2 * y + 13 * item).remainder(64) < 20).to(torch::kFloat32);
  const auto texture = 6 * torch::randn({n, planes, side, side});
  return (110 + waves + edges + texture).clamp(0, 255).round();
}

// Coarser steps and a veil of blur.
inline Tensor Coarse(const Tensor& planes) {
  const auto blurred = torch::avg_pool2d(planes, 3, 1, 1, false, /*count_include_pad=*/false);
  return ((planes + blurred) / 24).round().mul(12).clamp(0, 255).round();
}

// [n, planes, H, W] to packed order and real units, [n, planes side^2, H/side, W/side].
inline Tensor Pack(const Tensor& planes, int64_t side) {
  const int64_t n = planes.size(0);
  const int64_t h = planes.size(2) / side;
  const int64_t w = planes.size(3) / side;
  return planes.reshape({n, planes.size(1), h, side, w, side})
             .permute({0, 1, 3, 5, 2, 4})
             .reshape({n, planes.size(1) * side * side, h, w}) /
         kSampleUnit;
}

inline Tensor PackPicture(const Tensor& luma, const Tensor& chroma) {
  return torch::cat({Pack(luma, 8), Pack(chroma, 4)}, 1);
}

}  // namespace furl::train

#endif  // FURL_TRAIN_LOSSES_TEST_PICTURES_H_
