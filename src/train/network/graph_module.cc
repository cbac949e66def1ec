#include "train/network/graph_module.h"

#include <algorithm>

#include <cmath>

#include "train/network/fused_ops.h"
#include "train/network/lap.h"
#include "train/network/quantize.h"

namespace furl::train {
namespace {

Tensor ToU7(const Tensor& x, const RunOptions& options) {
  auto y = ReluInward(x, kU7Max);
  if (options.fake_quant) y = RoundThrough(y * kU7Unit) / kU7Unit;
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
  if (!x.is_cpu()) return torch::conv2d(x, weight);
  const int64_t n = x.size(0);
  const int64_t h = x.size(2);
  const int64_t w = x.size(3);
  const auto rows = x.permute({0, 2, 3, 1}).reshape({n * h, 1, w, x.size(1)});
  const auto y = torch::conv2d(rows.permute({0, 3, 1, 2}), weight);
  return y.permute({0, 2, 3, 1}).reshape({n, h, w, weight.size(0)}).permute({0, 3, 1, 2});
}

}  // namespace

bool GraphModule::IsOutput(const std::string& tensor) const {
  return std::find(graph_.outputs.begin(), graph_.outputs.end(), tensor) != graph_.outputs.end();
}

Tensor GraphModule::Conv(const ArchNode& node, const TensorMap& tensors, const Tensor& knots,
                         const RunOptions& options) const {
  auto weight = params_.Get(node.name + ".weight");
  // conv16 carries latents and pixels. Export rounds its weights jointly, to a tenth of the
  // error of rounding each; bfloat16 would lose the low bits.
  const bool plain = node.op == nn::Op::kConv;
  if (options.fake_quant && plain) weight = FakeQuantWeight(weight);
  auto x = tensors.at(node.in[0]);
  if (options.bf16 && plain) {
    x = x.to(torch::kBFloat16);
    weight = weight.to(torch::kBFloat16);
  }
  if (!plain && node.kernel > 1) x = MirrorPad(x);
  auto y =
      node.kernel == 1 ? PointwiseConv(x, weight) : torch::conv2d(x, weight, {}, 1, plain ? 1 : 0);
  const auto rows = BiasOf(params_.Get(node.name + ".bias"), knots);
  const bool relu = node.form == nn::ConvForm::kRelu;
  const bool add = node.form == nn::ConvForm::kAdd;
  // What leaves the graph keeps fp32: nothing convolves it, and its finer steps may matter.
  const bool exact = relu && IsOutput(node.out);
  if (CanFuse(y)) {
    if (relu && !exact) return FusedBiasRelu(y, rows, options.fake_quant);
    y = FusedBiasAdd(y, rows, add ? tensors.at(node.in[1]) : Tensor());
    return exact ? ClampInward(y, 0.0, kU7Max) : y;
  }
  const auto bias = rows.unsqueeze(2).unsqueeze(3);
  if (relu && !exact) return ToU7(y + bias.to(y.scalar_type()), options);
  y = y.to(torch::kFloat32) + bias;
  if (exact) return ClampInward(y, 0.0, kU7Max);
  return add ? y + tensors.at(node.in[1]) : y;
}

TensorMap GraphModule::Run(const TensorMap& inputs, const Tensor& knots, int64_t latent_h,
                           int64_t latent_w, const RunOptions& options) const {
  const Arithmetic real = {
      .conv = [&](const ArchNode& node,
                  const TensorMap& tensors) { return Conv(node, tensors, knots, options); },
      .quant = [&](const Tensor& x, int shift) { return Quant(x, shift, options); },
      .add = [](const Tensor& a, const Tensor& b) { return a + b; },
      .gate = [](const Tensor& x,
                 const Tensor& gate) { return x * (gate.to(x.scalar_type()) / kGateUnit); },
      .lap = [](const Tensor& x, double strength) { return Lap(x, strength); },
  };
  return WalkGraph(graph_, inputs, latent_h, latent_w, real);
}

}  // namespace furl::train
