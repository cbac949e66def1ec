#include "train/network/quantize.h"

namespace furl::train {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Passes no gradient above `hi` that leads further out, nor below `lo`: there, none at all if
// `dead_below`.
class ClampFunction : public torch::autograd::Function<ClampFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, double lo, double hi,
                        bool dead_below) {
    context->save_for_backward({x});
    context->saved_data["lo"] = lo;
    context->saved_data["hi"] = hi;
    context->saved_data["dead_below"] = dead_below;
    return torch::clamp(x, lo, hi);
  }
  static variable_list backward(AutogradContext* context, variable_list grads) {
    const Tensor x = context->get_saved_variables()[0];
    const Tensor& grad = grads[0];
    const double lo = context->saved_data["lo"].toDouble();
    const auto below = context->saved_data["dead_below"].toBool() ? x <= lo : (x < lo) & (grad > 0);
    const auto blocked = below | ((x > context->saved_data["hi"].toDouble()) & (grad < 0));
    return {grad.masked_fill(blocked, 0), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor RoundThrough(const Tensor& x) { return x + (torch::round(x) - x).detach(); }

Tensor ClampInward(const Tensor& x, double lo, double hi) {
  return ClampFunction::apply(x, lo, hi, /*dead_below=*/false);
}

Tensor ReluInward(const Tensor& x, double hi) {
  return ClampFunction::apply(x, 0.0, hi, /*dead_below=*/true);
}

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
