#include "train/network/fused_ops.h"

#include <algorithm>
#include <cmath>

#include "train/base/units.h"
#include "train/network/fused_tensors.h"

namespace furl::train {
namespace {

using fused::EachPosition;
using fused::Float;
using fused::Half;
using fused::Narrow;
using fused::NewLike;
using fused::Nhwc;
using fused::Widen;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr float kMax = static_cast<float>(kU7Max);
constexpr float kUnit = static_cast<float>(kU7Unit);

class BiasReluFunction : public torch::autograd::Function<BiasReluFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x_in, const Tensor& bias,
                        bool round) {
    const auto x = Nhwc(x_in);
    const auto rows = bias.contiguous();
    const auto y = NewLike(x, torch::kBFloat16);
    // 0 blocked, 1 passes, 2 above the bound: passes when pointing inward.
    const auto pass = NewLike(x, torch::kUInt8);
    const int64_t channels = x.size(1);
    const uint16_t* from = Half(x);
    uint16_t* to = Half(y);
    auto* flags = pass.data_ptr<uint8_t>();
    EachPosition(x, [&](int64_t n, int64_t at) {
      const float* b = Float(rows) + (rows.size(0) > 1 ? n * channels : 0);
      const int64_t base = at * channels;
      for (int64_t c = 0; c < channels; ++c) {
        const float v = Widen(from[base + c]) + b[c];
        float out = std::min(std::max(v, 0.0F), kMax);
        if (round) out = std::floor(out * kUnit + 0.5F) / kUnit;
        flags[base + c] = static_cast<uint8_t>(v > kMax ? 2 : (v > 0 ? 1 : 0));
        to[base + c] = Narrow(out);
      }
    });
    context->save_for_backward({pass});
    context->saved_data["rows"] = rows.size(0);
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto pass = context->get_saved_variables()[0];
    const auto grad = Nhwc(grads[0].to(torch::kBFloat16));
    const auto to_x = NewLike(grad, torch::kBFloat16);
    const int64_t channels = grad.size(1);
    const bool per_item = context->saved_data["rows"].toInt() > 1;
    const auto to_bias = torch::zeros({per_item ? grad.size(0) : 1, channels});
    const auto* flags = pass.data_ptr<uint8_t>();
    const uint16_t* from = Half(grad);
    uint16_t* to = Half(to_x);
    EachPosition(grad, [&](int64_t n, int64_t at) {
      float* b = Float(to_bias) + (per_item ? n * channels : 0);
      const int64_t base = at * channels;
      for (int64_t c = 0; c < channels; ++c) {
        const float g = Widen(from[base + c]);
        const uint8_t flag = flags[base + c];
        const float kept = flag == 1 || (flag == 2 && g > 0) ? g : 0;
        b[c] += kept;
        to[base + c] = Narrow(kept);
      }
    });
    return {to_x, to_bias, Tensor()};
  }
};

class BiasAddFunction : public torch::autograd::Function<BiasAddFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x_in, const Tensor& bias,
                        const Tensor& residual_in) {
    const auto x = Nhwc(x_in);
    const auto rows = bias.contiguous();
    const bool add = residual_in.numel() > 0;
    const auto residual = add ? Nhwc(residual_in) : Tensor();
    const auto y = NewLike(x, torch::kFloat32);
    const int64_t channels = x.size(1);
    const uint16_t* from = Half(x);
    float* to = Float(y);
    EachPosition(x, [&](int64_t n, int64_t at) {
      const float* b = Float(rows) + (rows.size(0) > 1 ? n * channels : 0);
      const int64_t base = at * channels;
      for (int64_t c = 0; c < channels; ++c) to[base + c] = Widen(from[base + c]) + b[c];
      if (!add) return;
      const float* r = Float(residual) + base;
      for (int64_t c = 0; c < channels; ++c) to[base + c] += r[c];
    });
    context->saved_data["rows"] = rows.size(0);
    context->saved_data["add"] = add;
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto grad = Nhwc(grads[0]);
    const auto to_x = NewLike(grad, torch::kBFloat16);
    const int64_t channels = grad.size(1);
    const bool per_item = context->saved_data["rows"].toInt() > 1;
    const auto to_bias = torch::zeros({per_item ? grad.size(0) : 1, channels});
    const float* from = Float(grad);
    uint16_t* to = Half(to_x);
    EachPosition(grad, [&](int64_t n, int64_t at) {
      float* b = Float(to_bias) + (per_item ? n * channels : 0);
      const int64_t base = at * channels;
      for (int64_t c = 0; c < channels; ++c) {
        b[c] += from[base + c];
        to[base + c] = Narrow(from[base + c]);
      }
    });
    return {to_x, to_bias, context->saved_data["add"].toBool() ? grad : Tensor()};
  }
};

class QuantFunction : public torch::autograd::Function<QuantFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x_in, double factor, bool round) {
    const auto x = Nhwc(x_in);
    const auto y = NewLike(x, torch::kBFloat16);
    const float f = static_cast<float>(factor);
    const float* from = Float(x);
    uint16_t* to = Half(y);
    for (int64_t i = 0; i < x.numel(); ++i) {
      float out = std::min(std::max(from[i] * f, 0.0F), kMax);
      if (round) out = std::floor(out * kUnit + 0.5F) / kUnit;
      to[i] = Narrow(out);
    }
    context->save_for_backward({x});
    context->saved_data["factor"] = factor;
    return y;
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto x = context->get_saved_variables()[0];
    const float f = static_cast<float>(context->saved_data["factor"].toDouble());
    const auto grad = Nhwc(grads[0].to(torch::kBFloat16));
    const auto to_x = NewLike(grad, torch::kFloat32);
    const float* value = Float(x);
    const uint16_t* from = Half(grad);
    float* to = Float(to_x);
    for (int64_t i = 0; i < x.numel(); ++i) {
      const float g = Widen(from[i]) * f;
      const float v = value[i] * f;
      to[i] = v > 0 && (v <= kMax || g > 0) ? g : 0;
    }
    return {to_x, Tensor(), Tensor()};
  }
};

}  // namespace

bool CanFuse(const Tensor& x) { return x.is_cpu() && x.scalar_type() == torch::kBFloat16; }

Tensor FusedBiasRelu(const Tensor& x, const Tensor& bias, bool round) {
  return BiasReluFunction::apply(x, bias, round);
}

Tensor FusedBiasAdd(const Tensor& x, const Tensor& bias, const Tensor& residual) {
  // Functions take no undefined tensors.
  return BiasAddFunction::apply(x, bias, residual.defined() ? residual : torch::empty({0}));
}

Tensor FusedQuant(const Tensor& x, double factor, bool round) {
  return QuantFunction::apply(x, factor, round);
}

}  // namespace furl::train
