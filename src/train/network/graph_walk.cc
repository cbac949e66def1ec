#include "train/network/graph_walk.h"

#include <vector>

#include "nn/tensor.h"

namespace furl::train {
namespace {

Tensor Concat(const ArchNode& node, const TensorMap& tensors) {
  std::vector<Tensor> parts;
  for (const auto& in : node.in) parts.push_back(tensors.at(in));
  return torch::cat(parts, 1);
}

Tensor Crop(const Tensor& x, int64_t height, int64_t width) {
  using torch::indexing::Slice;
  return x.index({Slice(), Slice(), Slice(0, height), Slice(0, width)});
}

// Indices of the positions that stand for -1..side.
Tensor MirroredIndices(int64_t side) {
  auto indices = torch::arange(-1, side + 1);
  indices[0] = nn::Mirror(-1, static_cast<int>(side));
  indices[-1] = nn::Mirror(static_cast<int>(side), static_cast<int>(side));
  return indices;
}

}  // namespace

TensorMap WalkGraph(const ArchGraph& graph, const TensorMap& inputs, int64_t latent_h,
                    int64_t latent_w, const Arithmetic& arithmetic) {
  TensorMap tensors = inputs;
  for (const ArchNode& node : graph.nodes) {
    const Tensor& first = tensors.at(node.in[0]);
    Tensor out;
    switch (node.op) {
      case nn::Op::kConv:
      case nn::Op::kConv16: out = arithmetic.conv(node, tensors); break;
      case nn::Op::kQuant: out = arithmetic.quant(first, node.shift); break;
      case nn::Op::kAdd: out = arithmetic.add(first, tensors.at(node.in[1])); break;
      case nn::Op::kGate: out = arithmetic.gate(first, tensors.at(node.in[1])); break;
      case nn::Op::kConcat: out = Concat(node, tensors); break;
      case nn::Op::kSpaceToDepth: out = SpaceToDepth(first); break;
      case nn::Op::kDepthToSpace: out = DepthToSpace(first); break;
      case nn::Op::kCrop:
        out = Crop(first, latent_h * 16 / node.scale, latent_w * 16 / node.scale);
        break;
      case nn::Op::kMaxPool: out = MaxPool(first); break;
      case nn::Op::kUpsample: out = Upsample(first); break;
      case nn::Op::kLap: out = arithmetic.lap(first, node.lap_strength); break;
    }
    tensors[node.out] = out;
  }
  TensorMap outputs;
  for (const auto& name : graph.outputs) outputs[name] = tensors.at(name);
  return outputs;
}

Tensor SpaceToDepth(const Tensor& x) {
  auto nhwc = x.permute({0, 2, 3, 1});
  const int64_t odd_h = nhwc.size(1) % 2;
  const int64_t odd_w = nhwc.size(2) % 2;
  if (odd_h != 0 || odd_w != 0) nhwc = torch::constant_pad_nd(nhwc, {0, 0, 0, odd_w, 0, odd_h});
  const int64_t n = nhwc.size(0);
  const int64_t h = nhwc.size(1) / 2;
  const int64_t w = nhwc.size(2) / 2;
  const int64_t c = nhwc.size(3);
  return nhwc.reshape({n, h, 2, w, 2, c})
      .permute({0, 1, 3, 2, 4, 5})
      .reshape({n, h, w, 4 * c})
      .permute({0, 3, 1, 2});
}

Tensor DepthToSpace(const Tensor& x) {
  const auto nhwc = x.permute({0, 2, 3, 1});
  const int64_t n = nhwc.size(0);
  const int64_t h = nhwc.size(1);
  const int64_t w = nhwc.size(2);
  const int64_t c = nhwc.size(3) / 4;
  return nhwc.reshape({n, h, w, 2, 2, c})
      .permute({0, 1, 3, 2, 4, 5})
      .reshape({n, 2 * h, 2 * w, c})
      .permute({0, 3, 1, 2});
}

Tensor MaxPool(const Tensor& x) {
  return torch::max_pool2d(x, {2, 2}, {2, 2}, 0, 1, /*ceil_mode=*/true);
}

Tensor Upsample(const Tensor& x) {
  const auto nhwc = x.permute({0, 2, 3, 1});
  const int64_t n = nhwc.size(0);
  const int64_t h = nhwc.size(1);
  const int64_t w = nhwc.size(2);
  const int64_t c = nhwc.size(3);
  return nhwc.reshape({n, h, 1, w, 1, c})
      .expand({n, h, 2, w, 2, c})
      .reshape({n, 2 * h, 2 * w, c})
      .permute({0, 3, 1, 2});
}

Tensor MirrorPad(const Tensor& x) {
  return x.index_select(2, MirroredIndices(x.size(2)).to(x.device()))
      .index_select(3, MirroredIndices(x.size(3)).to(x.device()));
}

}  // namespace furl::train
