// Rounding with straight-through gradients and the per-channel weight scales
// which quantization-aware training and export share.

#ifndef FURL_TRAIN_NETWORK_QUANTIZE_H_
#define FURL_TRAIN_NETWORK_QUANTIZE_H_

#include "train/base/torch_compat.h"

namespace furl::train {

// round(x), with the gradient of x.
Tensor RoundThrough(const Tensor& x);

// clamp(x, lo, hi) whose gradient also passes outside the bounds when a step
// along it leads back inside. Keeps predicted scales from getting stuck.
Tensor ClampInward(const Tensor& x, double lo, double hi);

// clamp(x, 0, hi) for activations: a relu at 0; beyond hi the gradient passes if
// a step along it leads back inside.
Tensor ReluInward(const Tensor& x, double hi);

// Real value of one step of each output channel's int8 weight, [out]. Small
// channels share at most 1/8 of the largest scale: requantization needs them
// within a factor of 8 (see export.cc).
Tensor WeightScales(const Tensor& weight);

// The weight as int8 arithmetic will see it, with straight-through gradient.
Tensor FakeQuantWeight(const Tensor& weight);

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_QUANTIZE_H_
