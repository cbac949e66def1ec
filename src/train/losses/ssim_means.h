// SSIM of planes with gradients: the definition of metrics/ssim.h, with windows around every
// sample in planes of any size.

#ifndef FURL_TRAIN_LOSSES_SSIM_MEANS_H_
#define FURL_TRAIN_LOSSES_SSIM_MEANS_H_

#include "train/base/torch_compat.h"

namespace furl::train {

// Averages over all windows of each plane, [N, C].
struct PlaneSsim {
  Tensor ssim;
  Tensor contrast_structure;  // that factor of it alone
};

// [N, C, H, W] each, 8-bit units; sides at least kSsimWindow.
PlaneSsim SsimOf(const Tensor& a, const Tensor& b);

// Values of planes, [N, 1] and [N, 2], joined as (6 Y + U + V) / 8 to [N].
Tensor JoinPlanes(const Tensor& luma, const Tensor& chroma);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOSSES_SSIM_MEANS_H_
