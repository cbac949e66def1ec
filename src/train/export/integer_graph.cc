#include "train/export/integer_graph.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "nn/graph/bias_knots.h"
#include "nn/graph/graph.h"
#include "train/base/units.h"
#include "train/network/lap.h"
#include "train/network/quantize.h"

namespace furl::train {
namespace {

constexpr int kMaxShift = 24;
constexpr double kMaxBias = 1 << 30;

// Largest shift at which every multiplier fits 15 bits. A relu gives up two
// bits of it, so that the 16-bit intermediate keeps fractions of the 7-bit
// result; its saturation at 127 hides that of the intermediate.
int ChooseShift(double largest_factor, bool relu) {
  int shift = static_cast<int>(std::floor(-std::log2(largest_factor)));
  while (std::lround(std::ldexp(largest_factor, shift + 15)) > 32767) --shift;
  if (relu) shift -= 2;
  return std::clamp(shift, 0, kMaxShift);
}

static_assert(kQpKnots == nn::kBiasKnots && kLastKnotQp == nn::kLastBiasKnot,
              "files hold biases at the knots that are trained");

Tensor FloorShift(const Tensor& x, int shift) { return torch::floor(x / std::exp2(shift)); }

// rshift of docs/numerics.md.
Tensor RoundShift(const Tensor& x, int shift) {
  return shift == 0 ? x : FloorShift(x + std::exp2(shift - 1), shift);
}

Tensor Sat16(const Tensor& x) { return torch::clamp(x, -32768, 32767); }

// The weights [out, in, k, k].
Tensor WholeWeights(const ArchNode& node, const IntegerConv& conv) {
  auto weight =
      torch::empty({node.channels, node.kernel, node.kernel, node.in_channels}, torch::kFloat64);
  std::copy(conv.weight.begin(), conv.weight.end(), weight.data_ptr<double>());
  return weight.permute({0, 3, 1, 2}).contiguous();
}

Tensor RunConv(const ArchNode& node, const IntegerConv& conv, const TensorMap& tensors, int qp) {
  const auto weight = WholeWeights(node, conv);
  auto bias = torch::empty({1, node.channels, 1, 1}, torch::kFloat64);
  auto mult = torch::empty({1, node.channels, 1, 1}, torch::kFloat64);
  const auto row = conv.bias.begin() + (conv.bias_rows > 1 ? qp * node.channels : 0);
  std::copy_n(row, node.channels, bias.data_ptr<double>());
  std::copy(conv.mult.begin(), conv.mult.end(), mult.data_ptr<double>());
  auto x = tensors.at(node.in[0]);
  const bool conv16 = node.op == nn::Op::kConv16;
  if (conv16) x = torch::clamp(x, -8192, 8191);
  if (conv16 && node.kernel > 1) x = MirrorPad(x);
  const auto acc = torch::conv2d(x, weight, {}, 1, conv16 ? 0 : node.kernel / 2) + bias;
  const auto v = FloorShift(Sat16(RoundShift(acc, conv.shift)) * mult + std::exp2(14), 15);
  if (node.form == nn::ConvForm::kRelu) return torch::clamp(v, 0, 127);
  return node.form == nn::ConvForm::kAdd ? Sat16(v + tensors.at(node.in[1])) : v;
}

// Whole numbers within +-127 near each row of `target` [out, in], chosen by
// coordinate descent to minimize e^T M e of the row's error e. A ridge stands
// for inputs that the moments haven't seen.
Tensor RoundJointly(const Tensor& target_in, const Tensor& moments) {
  constexpr int kSweeps = 4;
  constexpr double kRidge = 0.005;
  const auto target = target_in.contiguous();
  const int64_t n = target.size(1);
  auto m = moments.to(torch::kFloat64).contiguous();
  m = (m + torch::eye(n, m.options()) * (m.diag().mean() * kRidge)).contiguous();
  auto rounded = torch::clamp(torch::round(target), -127, 127);
  auto slopes = torch::matmul(rounded - target, m).contiguous();
  const double* moment = m.data_ptr<double>();
  for (int64_t row = 0; row < target.size(0); ++row) {
    double* r = rounded.data_ptr<double>() + row * n;
    double* slope = slopes.data_ptr<double>() + row * n;
    for (int64_t k = 0; k < kSweeps * n; ++k) {
      const int64_t j = k % n;
      const double wanted =
          std::clamp(r[j] - std::round(slope[j] / moment[j * n + j]), -127., 127.);
      const double change = wanted - r[j];
      if (change == 0) continue;
      r[j] = wanted;
      for (int64_t i = 0; i < n; ++i) slope[i] += change * moment[j * n + i];
    }
  }
  return rounded;
}

// Stretches each row's scale by up to a third, to where rounding costs least: a
// weight on a strong input, the DC latent above all, should hit its grid.
Tensor FitScales(const Tensor& exact, const Tensor& scales, const Tensor& moments) {
  constexpr int kCandidates = 64;
  const auto rows = exact.flatten(1);
  const auto m = moments.to(torch::kFloat64);
  Tensor best = scales.clone();
  Tensor least;
  for (int i = 0; i < kCandidates; ++i) {
    const auto candidate = scales * (1.0 + i / (3.0 * kCandidates));
    const auto unit = candidate.unsqueeze(1);
    const auto error = torch::round(rows / unit) * unit - rows;
    const auto cost = (torch::matmul(error, m) * error).sum(1);
    if (!least.defined()) least = cost;
    best = torch::where(cost < least, candidate, best);
    least = torch::minimum(cost, least);
  }
  return best;
}

}  // namespace

IntegerConv QuantizeConv(const ArchNode& node, const Tensor& weight, const Tensor& bias,
                         const Tensor& moments) {
  const bool relu = node.form == nn::ConvForm::kRelu;
  // Output steps per input step times weight.
  const double unit = relu || node.op == nn::Op::kConv16 ? 1.0 : kS16Unit / kU7Unit;
  const double out_unit = relu ? kU7Unit : kS16Unit;
  const auto exact = weight.detach().cpu().to(torch::kFloat64);
  auto scales = WeightScales(exact);
  if (moments.defined()) scales = FitScales(exact, scales, moments);
  scales = torch::clamp_max(scales, 32767.0 / 32768.0 / unit);
  auto rounded = torch::clamp(torch::round(exact / scales.reshape({-1, 1, 1, 1})), -127, 127);
  if (moments.defined()) {
    rounded = RoundJointly((exact / scales.reshape({-1, 1, 1, 1})).flatten(1), moments)
                  .reshape(exact.sizes());
  }
  IntegerConv conv;
  conv.shift = ChooseShift(scales.max().item<double>() * unit, relu);
  const auto mult =
      torch::clamp(torch::round(scales * unit * std::exp2(15 + conv.shift)), 1, 32767);
  // The factor that mult really stands for, so that biases land exactly.
  const auto factor = mult / std::exp2(15 + conv.shift);
  const auto real = bias.detach().cpu().to(torch::kFloat64);
  const auto steps = torch::clamp(torch::round(real * out_unit / factor), -kMaxBias, kMaxBias);

  const auto ordered = rounded.permute({0, 2, 3, 1}).contiguous();
  const double* w = ordered.data_ptr<double>();
  conv.weight.assign(w, w + ordered.numel());
  const auto flat = steps.contiguous();
  const double* b = flat.data_ptr<double>();
  conv.bias.assign(b, b + flat.numel());
  if (bias.dim() > 1) {
    conv.knots = std::exchange(conv.bias, {});
    conv.bias = nn::ExpandBiasKnots(conv.knots);
    conv.bias_rows = nn::kBiasRows;
  }
  const double* m = mult.data_ptr<double>();
  conv.mult.assign(m, m + mult.numel());
  return conv;
}

Tensor RealWeights(const ArchNode& node, const IntegerConv& conv) {
  auto mult = torch::empty({node.channels, 1, 1, 1}, torch::kFloat64);
  std::copy(conv.mult.begin(), conv.mult.end(), mult.data_ptr<double>());
  return WholeWeights(node, conv) * mult / std::exp2(15 + conv.shift);
}

IntegerConvs QuantizeGraphs(const Architecture& arch, const std::string& prefix,
                            const ParamStore& params, const InputMoments& moments) {
  IntegerConvs convs;
  for (const auto& [name, graph] : arch.graphs) {
    if (name.compare(0, prefix.size(), prefix) != 0) continue;
    for (const ArchNode& node : graph.nodes) {
      if (!node.IsConv()) continue;
      const auto found = moments.find(node.name);
      convs[node.name] =
          QuantizeConv(node, params.Get(node.name + ".weight"), params.Get(node.name + ".bias"),
                       found == moments.end() ? Tensor() : found->second);
    }
  }
  return convs;
}

TensorMap RunInteger(const ArchGraph& graph, const IntegerConvs& convs, const TensorMap& inputs,
                     int qp, int64_t latent_h, int64_t latent_w) {
  const Arithmetic whole = {
      .conv =
          [&](const ArchNode& node, const TensorMap& tensors) {
            return RunConv(node, convs.at(node.name), tensors, qp);
          },
      .quant = [](const Tensor& x,
                  int shift) { return torch::clamp(RoundShift(x, shift), 0, 127); },
      .add = [](const Tensor& a, const Tensor& b) { return Sat16(a + b); },
      .gate = [](const Tensor& x, const Tensor& gate) { return RoundShift(x * gate, 7); },
      .lap = [](const Tensor& x, double strength) { return LapWhole(x, strength); },
  };
  return WalkGraph(graph, inputs, latent_h, latent_w, whole);
}

}  // namespace furl::train
