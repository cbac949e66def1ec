// Linear maps of positions, as families start from: orthonormal transforms in the place of
// convolutions with kernel 1.

#ifndef FURL_TRAIN_NETWORK_LINEAR_MAPS_H_
#define FURL_TRAIN_NETWORK_LINEAR_MAPS_H_

#include <string>

#include "train/network/arch.h"
#include "train/network/graph_module.h"

namespace furl::train {

// Rows [positions, channels] of [N, C, H, W], fp64 on the CPU.
Tensor RowsOf(const Tensor& x);

// Orthonormal rows by falling power of inputs with that covariance along them (Karhunen-Loeve).
Tensor DecorrelatingRotation(const Tensor& covariance);
// Any orthonormal rows.
Tensor RandomRotation(int64_t side);

// [out, in] as weights of a convolution with kernel 1.
Tensor AsKernel(const Tensor& matrix);

// The tensor `name` inside of a graph, in real units: the graph up to there is run.
Tensor InsideGraph(const ArchGraph& graph, const ParamStore& params, const std::string& name,
                   const TensorMap& inputs, const Tensor& knots, int64_t latent_h,
                   int64_t latent_w);

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_LINEAR_MAPS_H_
