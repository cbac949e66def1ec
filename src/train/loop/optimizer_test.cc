#include "train/loop/optimizer.h"

#include <gtest/gtest.h>

#include <memory>
#include <tuple>
#include <vector>

namespace furl::train {
namespace {

TEST(Optimizer, FirstStepIsTheRateAndSparesWhatIsFrozen) {
  ParamStore params{torch::Device("cpu")};
  for (const char* name : {"free", "frozen"}) params.Set(name, torch::ones({4, 3, 1, 1}));
  params.SetTrainable("frozen", false);
  Optimizer optimizer(params, {});
  for (const auto& [name, tensor] : params.tensors()) {
    if (tensor.requires_grad()) params.Get(name).mutable_grad() = torch::ones_like(tensor);
  }
  optimizer.Step(0.01);
  // The first step of Adam is the rate, whatever the gradient.
  const auto moved = [&](const char* name) {
    return 1 - params.Get(name).detach().min().item<double>();
  };
  EXPECT_NEAR(moved("free"), 0.01, 1e-6);
  EXPECT_EQ(moved("frozen"), 0);
}

// Ten steps on a bowl, as torch's own optimizer makes them.
template <typename Reference>
void ExpectSteps(const OptimizerOptions& options, Reference& reference, const Tensor& theirs) {
  ParamStore params{torch::Device("cpu")};
  params.Set("x", theirs);
  Optimizer optimizer(params, options);
  const auto slope = [](const Tensor& x) { return 2 * (x.detach() - 0.5) * x.detach().square(); };
  for (int i = 0; i < 10; ++i) {
    params.Get("x").mutable_grad() = slope(params.Get("x"));
    optimizer.Step(0.02);
    theirs.mutable_grad() = slope(theirs);
    reference.step();
  }
  EXPECT_TRUE(torch::allclose(params.Get("x"), theirs, 1e-5, 1e-6)) << params.Get("x") << theirs;
}

TEST(Optimizer, FollowsTorchInEachOfItsLaws) {
  torch::manual_seed(6);
  const auto start = torch::randn({6});
  const auto leaf = [&] { return start.clone().requires_grad_(); };
  const auto betas = std::make_tuple(0.9, 0.98);
  const OptimizerOptions base = {.weight_decay = 0.1, .clip = 1e9};
  for (const char* name : {"adamw", "adam", "sgd"}) {
    SCOPED_TRACE(name);
    OptimizerOptions options = base;
    options.law = OptimizerLawOf(name);
    const auto theirs = leaf();
    const std::vector<Tensor> list = {theirs};
    if (options.law == OptimizerLaw::kAdamW) {
      torch::optim::AdamW reference(
          list, torch::optim::AdamWOptions(0.02).betas(betas).weight_decay(0.1));
      ExpectSteps(options, reference, theirs);
    } else if (options.law == OptimizerLaw::kAdam) {
      torch::optim::Adam reference(list,
                                   torch::optim::AdamOptions(0.02).betas(betas).weight_decay(0.1));
      ExpectSteps(options, reference, theirs);
    } else {
      torch::optim::SGD reference(list,
                                  torch::optim::SGDOptions(0.02).momentum(0.9).weight_decay(0.1));
      ExpectSteps(options, reference, theirs);
    }
  }
}

TEST(Optimizer, StatesOfTwoStandInOneFileUnderPrefixes) {
  const auto make = [](double value) {
    auto params = std::make_unique<ParamStore>(torch::Device("cpu"));
    params->Set("x", torch::full({3}, value));
    return params;
  };
  const auto step = [](ParamStore& params, Optimizer& optimizer) {
    params.Get("x").mutable_grad() = params.Get("x").detach().clone();
    optimizer.Step(0.1);
  };
  auto one = make(1);
  auto two = make(2);
  Optimizer first(*one, {});
  Optimizer second(*two, {});
  step(*one, first);
  step(*two, second);
  step(*two, second);
  TensorFile file;
  first.Append(file);
  second.Append(file, "critic.");
  auto again = make(0);
  Optimizer loaded(*again, {});
  ASSERT_TRUE(loaded.Load(file, "critic.").ok());
  EXPECT_EQ(loaded.steps(), 2);
  ASSERT_TRUE(loaded.Load(file).ok());
  EXPECT_EQ(loaded.steps(), 1);
  EXPECT_FALSE(loaded.Load(file, "other.").ok());
}

}  // namespace
}  // namespace furl::train
