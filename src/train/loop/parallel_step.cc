#include "train/loop/parallel_step.h"

#include <exception>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace furl::train {
namespace {

struct Slice {
  double loss = 0;
  double cost = 0;
  double critic = 0;
  std::map<std::string, double> parts;
  std::shared_ptr<const Observation> observation;
  std::vector<Tensor> gradients;  // of the model's weights, then of the critic's
  std::exception_ptr failure;
};

std::vector<Tensor> Gradients(const Tensor& of, const std::vector<Tensor>& weights) {
  return torch::autograd::grad({of}, weights, {}, /*retain_graph=*/false, /*create_graph=*/false,
                               /*allow_unused=*/true);
}

std::vector<Tensor> CriticWeights(const PartModel& model) {
  const auto& critic = model.objective().critic();
  return critic == nullptr ? std::vector<Tensor>() : critic->params().Trainable();
}

// The critic judged detached pictures, so its gradients and the model's keep apart.
void RunCritic(const PartModel& model, const Loss& out, Slice& slice) {
  if (!out.critic.defined()) return;
  const auto loss = out.critic.mean();
  for (Tensor& gradient : Gradients(loss, CriticWeights(model))) {
    slice.gradients.push_back(std::move(gradient));
  }
  slice.critic = loss.item<double>();
}

void RunSlice(const PartModel& model, const std::vector<Tensor>& weights, const Batch& batch,
              const Phase& phase, Slice& slice) {
  Loss out = model.Forward(batch, phase);
  const auto cost = CostPerPixel(out, batch);
  // Low QPs cost 30 times the bits of high ones; weigh them nearer to equal.
  const auto weight = torch::exp2((batch.qp - 32.0) / 16.0);
  const auto loss = (cost * weight).mean();
  slice.gradients = Gradients(loss, weights);
  RunCritic(model, out, slice);
  slice.loss = loss.item<double>();
  slice.cost = cost.detach().mean().item<double>();
  for (const auto& [name, sum] : out.parts) {
    slice.parts[name] = sum.mean().item<double>() / static_cast<double>(batch.pixels_per_item());
  }
  slice.observation = std::move(out.observation);
}

}  // namespace

Tensor CostPerPixel(const Loss& loss, const Batch& batch) {
  return (loss.rate + loss.distortion) / static_cast<double>(batch.pixels_per_item());
}

StepResult ParallelStep(const PartModel& model, int threads, const std::function<Batch(int)>& next,
                        const Phase& phase) {
  auto weights = model.params().Trainable();
  std::vector<Slice> slices(threads);
  const auto work = [&](int i) {
    try {
      if (threads > 1) torch::set_num_threads(1);  // of this thread's operators
      RunSlice(model, weights, next(i).To(model.params().device()), phase, slices[i]);
    } catch (...) {
      slices[i].failure = std::current_exception();
    }
  };
  std::vector<std::thread> workers;
  for (int i = 1; i < threads; ++i) workers.emplace_back(work, i);
  work(0);
  for (auto& worker : workers) worker.join();

  const auto critic_weights = CriticWeights(model);
  weights.insert(weights.end(), critic_weights.begin(), critic_weights.end());
  StepResult result;
  for (Slice& slice : slices) {
    if (slice.failure) std::rethrow_exception(slice.failure);
    result.loss += slice.loss / threads;
    result.cost += slice.cost / threads;
    result.critic += slice.critic / threads;
    for (const auto& [name, value] : slice.parts) result.parts[name] += value / threads;
    if (slice.observation) result.observations.push_back(std::move(slice.observation));
  }
  torch::NoGradGuard no_grad;
  for (size_t w = 0; w < slices[0].gradients.size(); ++w) {
    Tensor sum;
    for (Slice& slice : slices) {
      const Tensor& part = slice.gradients[w];
      if (part.defined()) sum = sum.defined() ? sum + part : part;
    }
    if (sum.defined()) weights[w].mutable_grad() = threads > 1 ? sum / threads : sum;
  }
  return result;
}

}  // namespace furl::train
