// The one walk over the nodes of an ArchGraph, for every arithmetic that torch
// runs graphs in.

#ifndef FURL_TRAIN_NETWORK_GRAPH_WALK_H_
#define FURL_TRAIN_NETWORK_GRAPH_WALK_H_

#include <functional>
#include <map>
#include <string>

#include "train/base/torch_compat.h"
#include "train/network/arch.h"

namespace furl::train {

using TensorMap = std::map<std::string, Tensor>;  // by tensor name, NCHW

// The operators that compute; the others only move values.
struct Arithmetic {
  std::function<Tensor(const ArchNode& node, const TensorMap& tensors)> conv;  // conv and conv16
  std::function<Tensor(const Tensor& x, int shift)> quant;
  std::function<Tensor(const Tensor& a, const Tensor& b)> add;
  std::function<Tensor(const Tensor& x, const Tensor& gate)> gate;
  std::function<Tensor(const Tensor& x, double strength)> lap;
};

// The graph's outputs. latent_h, latent_w: grid at scale 16, for crops.
TensorMap WalkGraph(const ArchGraph& graph, const TensorMap& inputs, int64_t latent_h,
                    int64_t latent_w, const Arithmetic& arithmetic);

// Factor-2 moves between space and channels, order of docs/numerics.md, with
// zero padding of odd sides. [N,C,H,W] in and out, any element type.
Tensor SpaceToDepth(const Tensor& x);
Tensor DepthToSpace(const Tensor& x);

// The largest of each 2x2 positions (of an odd side's last: of those there are), and each position
// four times. [N,C,H,W] in and out.
Tensor MaxPool(const Tensor& x);
Tensor Upsample(const Tensor& x);

// NCHW with a border of one position that mirrors the inside, as conv16 sees it (nn::Mirror).
Tensor MirrorPad(const Tensor& x);

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_GRAPH_WALK_H_
