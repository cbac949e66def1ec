#include "train/hyperprior/entropy_model.h"

#include <cmath>

#include "train/base/units.h"

namespace furl::train::hyperprior {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr double kLn2 = 0.6931471805599453;

// d/dv of -log2 of the Laplace mass of [v - 1/2, v + 1/2].
Tensor ContinuousSlope(const Tensor& value, const Tensor& decay) {
  const auto magnitude = value.abs();
  const auto inside = torch::clamp_max(magnitude, 0.5);
  // Inside the peak: a e^{-a/2} sinh(a v) / (1 - e^{-a/2} cosh(a v)).
  const auto up = torch::exp(decay * (inside - 0.5)) * 0.5;
  const auto down = torch::exp(-decay * (inside + 0.5)) * 0.5;
  const auto peak = decay * (up - down) / torch::clamp_min(1.0 - up - down, 1e-6);
  // The peak formula exceeds the tail's slope `decay` only by rounding.
  return torch::minimum(peak, decay) * torch::sign(value) / kLn2;
}

class SymbolBitsFunction : public torch::autograd::Function<SymbolBitsFunction> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& q, const Tensor& value,
                        const Tensor& decay, double zero_edge) {
    context->save_for_backward({q, value, decay});
    context->saved_data["edge"] = zero_edge;
    return LaplaceBits(q.abs(), decay, zero_edge);
  }
  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const Tensor& q = saved[0];
    const Tensor& decay = saved[2];
    const double edge = context->saved_data["edge"].toDouble();
    const auto magnitude = q.abs();
    // d bits / d decay: zeros -edge/(e^{edge a} - 1), others (k-1+edge) - 1/(e^a - 1).
    const auto zero = -edge / torch::expm1(torch::clamp_min(decay * edge, 1e-6));
    const auto tail = magnitude - (1.0 - edge) - 1.0 / torch::expm1(torch::clamp_min(decay, 1e-6));
    const auto to_decay = torch::where(magnitude > 0.5, tail, zero) / kLn2;
    return {Tensor(), grads[0] * ContinuousSlope(saved[1], decay), grads[0] * to_decay, Tensor()};
  }
};

}  // namespace

double ScaleSigma(double s) { return std::exp2(-3.5 + 0.2 * s); }

Tensor DecayOfScale(const Tensor& scale) {
  // sqrt(2) / 2^(-3.5 + 0.2 * 16 * scale)
  return torch::exp((4.0 - 3.2 * scale) * kLn2);
}

Tensor LaplaceBits(const Tensor& magnitude, const Tensor& decay, double zero_edge) {
  const auto zero = -torch::log(torch::clamp_min(-torch::expm1(-decay * zero_edge), 1e-9));
  const auto tail = kLn2 + decay * (magnitude - (1.0 - zero_edge)) -
                    torch::log(torch::clamp_min(-torch::expm1(-decay), 1e-9));
  return torch::where(magnitude > 0.5, tail, zero) / kLn2;
}

Tensor SymbolBits(const Tensor& q, const Tensor& value, const Tensor& decay, double zero_edge) {
  return SymbolBitsFunction::apply(q, value, decay, zero_edge);
}

Tensor RoundRateDistortion(const Tensor& value, const Tensor& decay, double lagrangian) {
  torch::NoGradGuard no_grad;
  const auto magnitude = value.abs();
  const auto upper = torch::ceil(magnitude);
  const auto lower = torch::clamp_min(upper - 1.0, 0.0);
  // Rate difference of the step up: geometric tail, or leaving zero.
  const auto from_zero = LaplaceBits(torch::ones_like(decay), decay, kZeroEdge) -
                         LaplaceBits(torch::zeros_like(decay), decay, kZeroEdge);
  const auto step_bits = torch::where(lower > 0.5, decay / kLn2, from_zero);
  // Distortion difference upper - lower: 2 lower + 1 - 2 |v|.
  const auto cost = 2.0 * lower + 1.0 - 2.0 * magnitude + lagrangian * step_bits;
  return torch::where(cost < 0, upper, lower) * torch::sign(value);
}

Tensor Compand(const Tensor& magnitude) {
  torch::NoGradGuard no_grad;
  return torch::clamp_max(torch::round(24.0 / kLn2 * torch::log1p(magnitude)), 127.0) / kU7Unit;
}

Tensor SignedContext(const Tensor& q) {
  return torch::cat({Compand(torch::clamp_min(q, 0.0)), Compand(torch::clamp_min(-q, 0.0))}, 1);
}

}  // namespace furl::train::hyperprior
