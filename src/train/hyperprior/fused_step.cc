#include "train/hyperprior/fused_step.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "train/base/units.h"
#include "train/hyperprior/entropy_model.h"
#include "train/network/fused_tensors.h"

namespace furl::train::hyperprior {
namespace {

using fused::EachPosition;
using fused::Float;
using fused::Half;
using fused::Narrow;
using fused::NewLike;
using fused::Nhwc;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr float kUnit = static_cast<float>(kU7Unit);
constexpr float kLn2 = 0.69314718F;

// Everything about one latent value that later passes need.
struct Coded {
  float q, part, bits, to_scale, to_mean;
};

inline Coded CodeValue(float y, float scale, float mean, float lagrangian, const float* shrink) {
  constexpr float kEdge = static_cast<float>(kZeroEdge);
  const float value = y - mean;
  const float magnitude = std::fabs(value);
  const float decay = std::exp((4.0F - 3.2F * scale) * kLn2);
  // The Laplace law at this decay (entropy_model.cc).
  const float edge_mass = 1.0F - std::exp(-decay * kEdge);
  const float unit_mass = 1.0F - std::exp(-decay);
  const float zero_bits = -std::log(std::max(edge_mass, 1e-9F)) / kLn2;
  const float tail_bits = 1.0F - std::log(std::max(unit_mass, 1e-9F)) / kLn2;
  const float slope_bits = decay / kLn2;
  // Rate-distortion choice between the integers around the value.
  const float upper = std::ceil(magnitude);
  const float lower = std::max(upper - 1.0F, 0.0F);
  const float step_bits = lower > 0.5F ? slope_bits : tail_bits + slope_bits * kEdge - zero_bits;
  const float cost = 2.0F * lower + 1.0F - 2.0F * magnitude + lagrangian * step_bits;
  const float ideal = cost < 0 ? upper : lower;
  const bool zero = ideal < 0.5F;
  const float tail = ideal - (1.0F - kEdge);
  Coded out{};
  out.bits = zero ? zero_bits : tail_bits + slope_bits * tail;
  const float to_decay = (zero ? -kEdge * (1.0F - edge_mass) / std::max(edge_mass, 1e-6F)
                               : tail - (1.0F - unit_mass) / std::max(unit_mass, 1e-6F)) /
                         kLn2;
  out.to_scale = to_decay * decay * (-3.2F * kLn2);
  const float inside = std::min(magnitude, 0.5F);
  const float up = std::exp(decay * (inside - 0.5F)) * 0.5F;
  const float down = std::exp(-decay * (inside + 0.5F)) * 0.5F;
  const float peak = decay * (up - down) / std::max(1.0F - up - down, 1e-6F);
  const float slope = std::min(peak, decay) / kLn2;
  out.to_mean = value > 0 ? -slope : (value < 0 ? slope : 0.0F);
  const bool coded = scale * kUnit >= 1.5F;
  const float sign = value < 0 ? -1.0F : 1.0F;
  const int index = std::clamp(static_cast<int>(scale * kUnit + 0.5F) >> 1, 0, kScaleCount - 1);
  out.q = coded ? sign * ideal : 0.0F;
  const float pull = out.q != 0 ? shrink[index * 2 + (ideal > 1.5F ? 1 : 0)] : 0.0F;
  out.part = out.q - (out.q != 0 ? sign * pull : 0.0F) + mean;
  return out;
}

// T of docs/hyperprior.md as bfloat16 bits.
std::array<uint16_t, 40> CompandTable() {
  std::array<uint16_t, 40> table{};
  for (int a = 0; a < 40; ++a) {
    const double t = std::min(127.0, std::round(24.0 * std::log2(1.0 + a)));
    table[a] = Narrow(static_cast<float>(t / kU7Unit));
  }
  return table;
}

void WriteContext(const float* q, int64_t channels, uint16_t* context) {
  static const std::array<uint16_t, 40> kTable = CompandTable();
  for (int64_t c = 0; c < channels; ++c) {
    const int v = std::clamp(static_cast<int>(q[c]), -39, 39);
    context[c] = kTable[std::max(v, 0)];
    context[channels + c] = kTable[std::max(-v, 0)];
  }
}

bool Includes(int64_t phase, int64_t y, int64_t x) {
  const codec::Pass step = {0, 0, static_cast<codec::Phase>(phase), false};
  return step.Includes(static_cast<int>(y), static_cast<int>(x));
}

class CodeStepFunction : public torch::autograd::Function<CodeStepFunction> {
 public:
  static variable_list forward(AutogradContext* context, const Tensor& y, const Tensor& scale_in,
                               const Tensor& mean_in, const Tensor& shrink, int64_t phase,
                               double lagrangian) {
    const auto scale = Nhwc(scale_in);
    const auto mean = Nhwc(mean_in);
    const int64_t channels = scale.size(1);
    const int64_t width = scale.size(3);
    const int64_t area = scale.size(2) * width;
    const auto like = [&] { return NewLike(scale, torch::kFloat32).zero_(); };
    const auto q = like(), part = like(), to_scale = like(), to_mean = like();
    const auto symbols = torch::zeros({scale.size(0), scale.size(2), width, 2 * channels},
                                      scale.options().dtype(torch::kBFloat16));
    const auto bits = torch::zeros({scale.size(0)});
    const float lambda = static_cast<float>(lagrangian);
    EachPosition(scale, [&](int64_t n, int64_t at) {
      const int64_t i = at - n * area;
      if (!Includes(phase, i / width, i % width)) return;
      const float* yp =
          Float(y) + n * y.stride(0) + (i / width) * y.stride(2) + (i % width) * y.stride(3);
      const int64_t base = at * channels;
      const float* s = Float(scale) + base;
      const float* m = Float(mean) + base;
      const float* table = Float(shrink);
      float* qp = Float(q) + base;
      float* pp = Float(part) + base;
      float* gs = Float(to_scale) + base;
      float* gm = Float(to_mean) + base;
      float sum = 0;
#pragma GCC ivdep
      for (int64_t c = 0; c < channels; ++c) {
        const Coded coded = CodeValue(yp[c], s[c], m[c], lambda, table);
        qp[c] = coded.q;
        pp[c] = coded.part;
        gs[c] = coded.to_scale;
        gm[c] = coded.to_mean;
        sum += coded.bits;
      }
      Float(bits)[n] += sum;
      WriteContext(qp, channels, Half(symbols) + at * 2 * channels);
    });
    context->save_for_backward({to_scale, to_mean, q});
    context->saved_data["phase"] = phase;
    context->mark_non_differentiable({q, symbols});
    return {bits, part, q, symbols};
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const Tensor& q = saved[2];
    const int64_t channels = q.size(1);
    const int64_t width = q.size(3);
    const int64_t area = q.size(2) * width;
    const int64_t phase = context->saved_data["phase"].toInt();
    const auto to_scale = NewLike(q, torch::kFloat32);
    const auto to_mean = NewLike(q, torch::kFloat32).zero_();
    const auto bits = grads[0].defined() ? grads[0].contiguous() : torch::zeros({q.size(0)});
    const auto part = grads[1].defined() ? Nhwc(grads[1]) : Tensor();
    EachPosition(q, [&](int64_t n, int64_t at) {
      const int64_t base = at * channels;
      const int64_t i = at - n * area;
      const float weight = Float(bits)[n];
      for (int64_t c = base; c < base + channels; ++c) {
        Float(to_scale)[c] = Float(saved[0])[c] * weight;
        Float(to_mean)[c] = Float(saved[1])[c] * weight;
      }
      if (!part.defined() || !Includes(phase, i / width, i % width)) return;
      for (int64_t c = base; c < base + channels; ++c) {
        if (Float(q)[c] == 0) Float(to_mean)[c] += Float(part)[c];
      }
    });
    return {Tensor(), to_scale, to_mean, Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

CodedStep FusedCodeStep(const Tensor& y, const Tensor& scale, const Tensor& mean,
                        const Tensor& shrink, codec::Phase phase, double lagrangian) {
  const auto out = CodeStepFunction::apply(y, scale, mean, shrink.contiguous(),
                                           static_cast<int64_t>(phase), lagrangian);
  return {out[0], out[1], out[2], out[3].permute({0, 3, 1, 2})};
}

}  // namespace furl::train::hyperprior
