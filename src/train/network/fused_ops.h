// One-pass CPU versions of what follows every convolution. Torch runs each as ten
// to fifty passes over memory, which takes more time than the convolutions. The
// plain versions stay in graph_module.cc: they define the meaning, run on CUDA,
// and judge these (train_test.cc).

#ifndef FURL_TRAIN_NETWORK_FUSED_OPS_H_
#define FURL_TRAIN_NETWORK_FUSED_OPS_H_

#include "train/base/torch_compat.h"

namespace furl::train {

// Whether the fused versions take tensors like x: CPU, bfloat16.
bool CanFuse(const Tensor& x);

// clamp(x + bias, 0, 127/32) as bfloat16; rounded to 1/32 with `round`. x is a
// bfloat16 convolution output, bias fp32 [N or 1, C]. Gradients pass inside
// the bounds, and above them when they point inward.
Tensor FusedBiasRelu(const Tensor& x, const Tensor& bias, bool round);

// x + bias (+ residual) as fp32; residual fp32 or undefined.
Tensor FusedBiasAdd(const Tensor& x, const Tensor& bias, const Tensor& residual);

// clamp(x * factor, 0, 127/32) as bfloat16; x fp32.
Tensor FusedQuant(const Tensor& x, double factor, bool round);

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_FUSED_OPS_H_
