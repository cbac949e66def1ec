// Packed pictures as planes of samples, and sums over the items of a batch.

#ifndef FURL_TRAIN_LOSSES_PLANES_H_
#define FURL_TRAIN_LOSSES_PLANES_H_

#include "train/base/torch_compat.h"

namespace furl::train {

// 8-bit units, not rounded.
struct Planes {
  Tensor luma;    // [N, 1, H, W]
  Tensor chroma;  // [N, 2, H/2, W/2], U and V
};

// From packed order and real units, [N, 96, H/8, W/8].
Planes ToPlanes(const Tensor& packed);

// [N, ...] to [N].
Tensor SumItems(const Tensor& x);

// Pixels of each item of packed pictures.
double PixelsOf(const Tensor& packed);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOSSES_PLANES_H_
