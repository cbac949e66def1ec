#include "train/loop/optimizer.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace furl::train
