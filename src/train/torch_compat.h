// The only place that includes torch. Everything used exists alike in libtorch
// 1.13 and 2.x: no autocast, no scaled-dot-product, no serialization.

#ifndef FURL_TRAIN_TORCH_COMPAT_H_
#define FURL_TRAIN_TORCH_COMPAT_H_

#include <torch/torch.h>

namespace furl::train {

using Tensor = torch::Tensor;

inline torch::TensorOptions FloatOn(const torch::Device& device) {
  return torch::TensorOptions().dtype(torch::kFloat32).device(device);
}

}  // namespace furl::train

#endif  // FURL_TRAIN_TORCH_COMPAT_H_
