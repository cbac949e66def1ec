#include "train/loop/optimizer.h"

#include <algorithm>
#include <cmath>

#include "train/network/checkpoint.h"

namespace furl::train {
namespace {

struct AdamStep {
  float beta1, beta2, epsilon, rate, decay, correction1, correction2, grad_scale, average_gain;
};

// One pass over memory instead of a dozen tensor operations.
void UpdateCpu(const AdamStep& a, int64_t count, const float* grad, float* p, float* m, float* v,
               float* average) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; ++i) {
    const float g = grad[i] * a.grad_scale;
    m[i] += (1 - a.beta1) * (g - m[i]);
    v[i] += (1 - a.beta2) * (g * g - v[i]);
    const float step = (m[i] * a.correction1) / (std::sqrt(v[i] * a.correction2) + a.epsilon);
    p[i] -= a.rate * (step + a.decay * p[i]);
    average[i] += a.average_gain * (p[i] - average[i]);
  }
}

void UpdateAny(const AdamStep& a, const Tensor& grad, Tensor& p, Tensor& m, Tensor& v,
               Tensor& average) {
  const auto g = grad * a.grad_scale;
  m.lerp_(g, 1 - a.beta1);
  v.lerp_(g.square(), 1 - a.beta2);
  const auto step = (m * a.correction1) / ((v * a.correction2).sqrt() + a.epsilon);
  p.sub_((step + a.decay * p) * a.rate);
  average.lerp_(p, a.average_gain);
}

// Element i of the results must be the same weight.
Tensor LaidOutLike(const Tensor& x, const Tensor& like) {
  return x.strides() == like.strides() ? x : torch::empty_like(like).copy_(x);
}

}  // namespace

Optimizer::Optimizer(ParamStore& params, const OptimizerOptions& options)
    : params_(params), average_(params.Clone()), options_(options) {
  for (const auto& [name, tensor] : params.tensors()) {
    if (!tensor.requires_grad()) continue;
    states_[name] = {torch::zeros_like(tensor), torch::zeros_like(tensor)};
  }
}

double Optimizer::Step(double learning_rate) {
  torch::NoGradGuard no_grad;
  auto norm2 =
      torch::zeros({}, torch::TensorOptions().dtype(torch::kFloat64).device(params_.device()));
  for (const auto& [name, state] : states_) {
    const Tensor& grad = params_.Get(name).grad();
    if (grad.defined()) norm2 += grad.square().sum();
  }
  const double norm = std::sqrt(norm2.item<double>());  // the only wait for a GPU
  const bool usable = std::isfinite(norm);
  if (usable) ++steps_;
  const double t = static_cast<double>(steps_);
  AdamStep a{};
  a.beta1 = static_cast<float>(options_.beta1);
  a.beta2 = static_cast<float>(options_.beta2);
  a.epsilon = static_cast<float>(options_.epsilon);
  a.decay = static_cast<float>(options_.weight_decay);
  a.correction1 = static_cast<float>(1 / (1 - std::pow(options_.beta1, t)));
  a.correction2 = static_cast<float>(1 / (1 - std::pow(options_.beta2, t)));
  a.grad_scale = static_cast<float>(std::min(1.0, options_.clip / (norm + 1e-12)));
  a.average_gain = static_cast<float>(1 - std::min(options_.average_decay, (1 + t) / (10 + t)));
  for (auto& [name, state] : states_) {
    Tensor& p = params_.Get(name);
    if (p.grad().defined() && usable) {
      const Tensor grad = LaidOutLike(p.grad(), p);
      a.rate = static_cast<float>(learning_rate);
      Tensor& average = average_.Get(name);
      if (p.is_cuda()) {
        UpdateAny(a, grad, p, state.first, state.second, average);
      } else {
        UpdateCpu(a, p.numel(), grad.data_ptr<float>(), p.data_ptr<float>(),
                  state.first.data_ptr<float>(), state.second.data_ptr<float>(),
                  average.data_ptr<float>());
      }
    }
    p.mutable_grad() = Tensor();
  }
  return norm;
}

void Optimizer::Append(TensorFile& file) const {
  for (const auto& [name, state] : states_) {
    file.tensors["adam_m." + name] = ToRaw(state.first);
    file.tensors["adam_v." + name] = ToRaw(state.second);
  }
  file.metadata["optimizer_steps"] = std::to_string(steps_);
}

Status Optimizer::Load(const TensorFile& file) {
  for (auto& [name, state] : states_) {
    const auto m = file.tensors.find("adam_m." + name);
    const auto v = file.tensors.find("adam_v." + name);
    if (m == file.tensors.end() || v == file.tensors.end()) continue;  // was frozen before
    state.first.copy_(FromRaw(m->second));
    state.second.copy_(FromRaw(v->second));
  }
  const auto steps = file.metadata.find("optimizer_steps");
  if (steps == file.metadata.end()) return InvalidArgument("checkpoint without optimizer state");
  steps_ = std::stoll(steps->second);
  return LoadParams(file, "ema.", {}, average_);
}

}  // namespace furl::train
