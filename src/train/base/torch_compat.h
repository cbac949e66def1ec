// The only place that includes torch. Everything used exists alike in libtorch
// 1.13 and 2.x: no autocast, no scaled-dot-product, no serialization. Compiled
// against 1.13.1, 2.6.0 and 2.14.1; what differs some day is to be hidden here.

#ifndef FURL_TRAIN_BASE_TORCH_COMPAT_H_
#define FURL_TRAIN_BASE_TORCH_COMPAT_H_

#include <torch/torch.h>

namespace furl::train {

using Tensor = torch::Tensor;

inline torch::TensorOptions FloatOn(const torch::Device& device) {
  return torch::TensorOptions().dtype(torch::kFloat32).device(device);
}

// fp32 stays fp32 on CUDA. Left alone, cuDNN rounds the inputs of fp32
// convolutions to the 10 bits of TF32, and conv16 carries 14.
inline void KeepFullPrecision() {
  at::globalContext().setAllowTF32CuDNN(false);
  at::globalContext().setAllowTF32CuBLAS(false);
}

// Training convolves the same shapes thousands of times: cuDNN may try out which
// of its kernels is fastest.
inline void ChooseFastestKernels() { at::globalContext().setBenchmarkCuDNN(true); }

}  // namespace furl::train

#endif  // FURL_TRAIN_BASE_TORCH_COMPAT_H_
