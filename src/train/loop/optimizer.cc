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
template <OptimizerLaw law>
void UpdateCpu(const AdamStep& a, int64_t count, const float* grad, float* p, float* m, float* v,
               float* average) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; ++i) {
    float g = grad[i] * a.grad_scale;
    if constexpr (law != OptimizerLaw::kAdamW) g += a.decay * p[i];
    if constexpr (law == OptimizerLaw::kSgd) {
      m[i] = a.beta1 * m[i] + g;
      p[i] -= a.rate * m[i];
    } else {
      m[i] += (1 - a.beta1) * (g - m[i]);
      v[i] += (1 - a.beta2) * (g * g - v[i]);
      const float step = (m[i] * a.correction1) / (std::sqrt(v[i] * a.correction2) + a.epsilon);
      p[i] -= a.rate * (law == OptimizerLaw::kAdamW ? step + a.decay * p[i] : step);
    }
    average[i] += a.average_gain * (p[i] - average[i]);
  }
}

void UpdateAny(OptimizerLaw law, const AdamStep& a, const Tensor& grad, Tensor& p, Tensor& m,
               Tensor& v, Tensor& average) {
  const bool decoupled = law == OptimizerLaw::kAdamW;
  const auto g = decoupled ? grad * a.grad_scale : grad * a.grad_scale + a.decay * p;
  if (law == OptimizerLaw::kSgd) {
    m.mul_(a.beta1).add_(g);
    p.sub_(m * a.rate);
  } else {
    m.lerp_(g, 1 - a.beta1);
    v.lerp_(g.square(), 1 - a.beta2);
    const auto step = (m * a.correction1) / ((v * a.correction2).sqrt() + a.epsilon);
    p.sub_((decoupled ? step + a.decay * p : step) * a.rate);
  }
  average.lerp_(p, a.average_gain);
}

// The elements of a dense tensor in the order of `like`'s memory, [n].
Tensor InMemoryOrder(const Tensor& x, const Tensor& like) {
  const bool same = x.strides() == like.strides();
  const auto ordered = same ? x : torch::empty_like(like).copy_(x);
  return ordered.as_strided({ordered.numel()}, {1});
}

// The part of `flat` from `first` on, shaped and laid out like `like`.
Tensor PartLike(const Tensor& flat, int64_t first, const Tensor& like) {
  return flat.as_strided(like.sizes(), like.strides(), flat.storage_offset() + first);
}

}  // namespace

OptimizerLaw OptimizerLawOf(const std::string& name) {
  if (name == "adam") return OptimizerLaw::kAdam;
  return name == "sgd" ? OptimizerLaw::kSgd : OptimizerLaw::kAdamW;
}

Optimizer::Optimizer(ParamStore& params, const OptimizerOptions& options)
    : params_(params), average_(params.Clone()), options_(options) {
  for (const auto& [name, tensor] : params.tensors()) {
    if (!tensor.requires_grad()) continue;
    firsts_[name] = count_;
    count_ += tensor.numel();
  }
  const auto all = torch::zeros({5, count_}, FloatOn(params.device()));
  weights_ = all[0];
  averages_ = all[1];
  first_moments_ = all[2];
  second_moments_ = all[3];
  gradients_ = all[4];
  Adopt(params_, weights_);
  Adopt(average_, averages_);
}

void Optimizer::Adopt(ParamStore& params, const Tensor& flat) {
  torch::NoGradGuard no_grad;
  for (const auto& [name, first] : firsts_) {
    Tensor& tensor = params.Get(name);
    const auto part = PartLike(flat, first, tensor);
    part.copy_(tensor);
    tensor.set_data(part);
  }
}

void Optimizer::GatherGradients() {
  for (const auto& [name, first] : firsts_) {
    Tensor& p = params_.Get(name);
    auto part = gradients_.slice(0, first, first + p.numel());
    if (p.grad().defined()) {
      part.copy_(InMemoryOrder(p.grad(), p));
    } else {
      part.zero_();
    }
    p.mutable_grad() = Tensor();
  }
}

double Optimizer::Step(double learning_rate, const std::function<void(Tensor&)>& share) {
  torch::NoGradGuard no_grad;
  GatherGradients();
  if (share != nullptr) share(gradients_);
  const double norm = gradients_.to(torch::kFloat64).norm().item<double>();  // waits for a GPU
  if (!std::isfinite(norm)) return norm;
  const double t = static_cast<double>(++steps_);
  AdamStep a{};
  a.beta1 = static_cast<float>(options_.beta1);
  a.beta2 = static_cast<float>(options_.beta2);
  a.epsilon = static_cast<float>(options_.epsilon);
  a.rate = static_cast<float>(learning_rate);
  a.decay = static_cast<float>(options_.weight_decay);
  a.correction1 = static_cast<float>(1 / (1 - std::pow(options_.beta1, t)));
  a.correction2 = static_cast<float>(1 / (1 - std::pow(options_.beta2, t)));
  a.grad_scale = static_cast<float>(std::min(1.0, options_.clip / (norm + 1e-12)));
  a.average_gain = static_cast<float>(1 - std::min(options_.average_decay, (1 + t) / (10 + t)));
  if (params_.device().is_cpu()) {
    const auto update = options_.law == OptimizerLaw::kAdamW  ? UpdateCpu<OptimizerLaw::kAdamW>
                        : options_.law == OptimizerLaw::kAdam ? UpdateCpu<OptimizerLaw::kAdam>
                                                              : UpdateCpu<OptimizerLaw::kSgd>;
    update(a, count_, gradients_.data_ptr<float>(), weights_.data_ptr<float>(),
           first_moments_.data_ptr<float>(), second_moments_.data_ptr<float>(),
           averages_.data_ptr<float>());
  } else {
    UpdateAny(options_.law, a, gradients_, weights_, first_moments_, second_moments_, averages_);
  }
  return norm;
}

void Optimizer::Append(TensorFile& file, const std::string& prefix) const {
  for (const auto& [name, first] : firsts_) {
    const Tensor& like = params_.Get(name);
    const auto part = [&](const Tensor& flat) { return ToRaw(PartLike(flat, first, like)); };
    file.tensors[prefix + "adam_m." + name] = part(first_moments_);
    file.tensors[prefix + "adam_v." + name] = part(second_moments_);
  }
  file.metadata[prefix + "optimizer_steps"] = std::to_string(steps_);
}

Status Optimizer::Load(const TensorFile& file, const std::string& prefix) {
  for (const auto& [name, first] : firsts_) {
    const auto m = file.tensors.find(prefix + "adam_m." + name);
    const auto v = file.tensors.find(prefix + "adam_v." + name);
    if (m == file.tensors.end() || v == file.tensors.end()) continue;  // was frozen before
    const Tensor& like = params_.Get(name);
    const auto part = [&](const Tensor& flat) { return PartLike(flat, first, like); };
    part(first_moments_).copy_(FromRaw(m->second));
    part(second_moments_).copy_(FromRaw(v->second));
  }
  const auto steps = file.metadata.find(prefix + "optimizer_steps");
  if (steps == file.metadata.end()) return InvalidArgument("checkpoint without optimizer state");
  steps_ = std::stoll(steps->second);
  FURL_RETURN_IF_ERROR(LoadParams(file, prefix + "ema.", {}, average_));
  Adopt(average_, averages_);
  return OkStatus();
}

}  // namespace furl::train
