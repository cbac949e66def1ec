#include "train/graph_module.h"

#include <cmath>

#include "train/fused_ops.h"
#include "train/quantize.h"

namespace furl::train {
namespace {

using torch::indexing::Slice;

Tensor ToU7(const Tensor& x, const RunOptions& options) {
  auto y = torch::clamp(x, 0.0, kU7Max);
  if (options.fake_quant) y = RoundThrough(y * 32.0) / 32.0;
  return options.bf16 ? y.to(torch::kBFloat16) : y;
}

Tensor Quant(const Tensor& x, int shift, const RunOptions& options) {
  const double factor = std::exp2(4 - shift);
  if (options.bf16 && x.is_cpu()) return FusedQuant(x, factor, options.fake_quant);
  return ToU7(x * factor, options);
}

// [N or 1, out] from a bias or the knots of one.
Tensor BiasOf(const Tensor& bias, const Tensor& knots) {
  return bias.dim() == 1 ? bias.unsqueeze(0) : torch::matmul(knots, bias);
}

// A 1x1 convolution with rows as items: on one thread torch hands fp32 ones to
// the blocked kernels (instead of plain BLAS) only for 16 items or more.
Tensor PointwiseConv(const Tensor& x, const Tensor& weight) {
  const int64_t n = x.size(0);
  const int64_t h = x.size(2);
  const int64_t w = x.size(3);
  const auto rows = x.permute({0, 2, 3, 1}).reshape({n * h, 1, w, x.size(1)});
  const auto y = torch::conv2d(rows.permute({0, 3, 1, 2}), weight);
  return y.permute({0, 2, 3, 1}).reshape({n, h, w, weight.size(0)}).permute({0, 3, 1, 2});
}

}  // namespace

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

Tensor GraphModule::Conv(const ArchNode& node, const TensorMap& tensors, const Tensor& knots,
                         const RunOptions& options) const {
  auto weight = params_.Get(node.name + ".weight");
  if (options.fake_quant) weight = FakeQuantWeight(weight);
  auto x = tensors.at(node.in[0]);
  // conv16 carries latents and pixels: bfloat16 would lose their low bits.
  if (options.bf16 && node.op == nn::Op::kConv) {
    x = x.to(torch::kBFloat16);
    weight = weight.to(torch::kBFloat16);
  }
  auto y = node.kernel == 1 ? PointwiseConv(x, weight) : torch::conv2d(x, weight, {}, 1, 1);
  const auto rows = BiasOf(params_.Get(node.name + ".bias"), knots);
  const bool relu = node.form == nn::ConvForm::kRelu;
  const bool add = node.form == nn::ConvForm::kAdd;
  // Scale outputs keep fp32: they are compared with tenths of an index.
  const bool scale = relu && node.out == "scale";
  if (CanFuse(y)) {
    if (relu && !scale) return FusedBiasRelu(y, rows, options.fake_quant);
    y = FusedBiasAdd(y, rows, add ? tensors.at(node.in[1]) : Tensor());
    return scale ? ClampInward(y, 0.0, kU7Max) : y;
  }
  const auto bias = rows.unsqueeze(2).unsqueeze(3);
  if (relu && !scale) return ToU7(y + bias.to(y.scalar_type()), options);
  y = y.to(torch::kFloat32) + bias;
  if (scale) return ClampInward(y, 0.0, kU7Max);
  return add ? y + tensors.at(node.in[1]) : y;
}

TensorMap GraphModule::Run(const TensorMap& inputs, const Tensor& knots, int64_t latent_h,
                           int64_t latent_w, const RunOptions& options) const {
  TensorMap tensors = inputs;
  for (const ArchNode& node : graph_.nodes) {
    const Tensor first = tensors.at(node.in[0]);
    Tensor out;
    switch (node.op) {
      case nn::Op::kConv:
      case nn::Op::kConv16: out = Conv(node, tensors, knots, options); break;
      case nn::Op::kQuant: out = Quant(first, node.shift, options); break;
      case nn::Op::kAdd: out = first + tensors.at(node.in[1]); break;
      case nn::Op::kConcat: {
        std::vector<Tensor> parts;
        for (const auto& in : node.in) parts.push_back(tensors.at(in));
        out = torch::cat(parts, 1);
        break;
      }
      case nn::Op::kSpaceToDepth: out = SpaceToDepth(first); break;
      case nn::Op::kDepthToSpace: out = DepthToSpace(first); break;
      case nn::Op::kCrop:
        out = first.index({Slice(), Slice(), Slice(0, latent_h * 16 / node.scale),
                           Slice(0, latent_w * 16 / node.scale)});
        break;
    }
    tensors[node.out] = out;
  }
  TensorMap outputs;
  for (const auto& name : graph_.outputs) outputs[name] = tensors.at(name);
  return outputs;
}

}  // namespace furl::train
