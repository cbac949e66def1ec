#include "train/network/quantize.h"

namespace furl::train {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class ClampInwardFunction : public torch::autograd::Function<ClampInwardFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, double lo, double hi) {
    context->save_for_backward({x});
    context->saved_data["lo"] = lo;
    context->saved_data["hi"] = hi;
    return torch::clamp(x, lo, hi);
  }
  static variable_list backward(AutogradContext* context, variable_list grads) {
    const Tensor x = context->get_saved_variables()[0];
    const Tensor& grad = grads[0];
    const auto blocked = ((x < context->saved_data["lo"].toDouble()) & (grad > 0)) |
                         ((x > context->saved_data["hi"].toDouble()) & (grad < 0));
    return {grad.masked_fill(blocked, 0), Tensor(), Tensor()};
  }
};

class ReluInwardFunction : public torch::autograd::Function<ReluInwardFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, double hi) {
    context->save_for_backward({x});
    context->saved_data["hi"] = hi;
    return torch::clamp(x, 0.0, hi);
  }
  static variable_list backward(AutogradContext* context, variable_list grads) {
    const Tensor x = context->get_saved_variables()[0];
    const Tensor& grad = grads[0];
    const auto blocked = (x <= 0) | ((x > context->saved_data["hi"].toDouble()) & (grad < 0));
    return {grad.masked_fill(blocked, 0), Tensor()};
  }
};

}  // namespace

Tensor RoundThrough(const Tensor& x) { return x + (torch::round(x) - x).detach(); }

Tensor ClampInward(const Tensor& x, double lo, double hi) {
  return ClampInwardFunction::apply(x, lo, hi);
}

Tensor ReluInward(const Tensor& x, double hi) { return ReluInwardFunction::apply(x, hi); }

Tensor WeightScales(const Tensor& weight) {
  auto scales = weight.detach().abs().amax({1, 2, 3}) / 127.0;
  const auto largest = torch::clamp_min(scales.max(), 1e-6);
  return torch::maximum(scales, largest / 8.0);
}

Tensor FakeQuantWeight(const Tensor& weight) {
  const auto scales = WeightScales(weight).reshape({-1, 1, 1, 1});
  return RoundThrough(weight / scales) * scales;
}

}  // namespace furl::train
