#include "train/families/transform/transform_part.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "train/loop/parallel_step.h"
#include "train/network/fused_tensors.h"
#include "train/network/test_recipe.h"

namespace furl::train::transform {
namespace {

using fused::Nhwc;

// One step of training on a GPU computes what it computes on the CPU.
TEST(Cuda, StepFollowsTheCpu) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no CUDA device";
  KeepFullPrecision();
  const Architecture arch = Recipe();
  const auto run = [&](const char* name) {
    const torch::Device device(name);
    ParamStore params{device};
    params.InitGraphs(arch, "intra.", 3);
    TransformPart model(arch, "intra", {}, params);
    model.InitOwn();
    torch::manual_seed(9);
    Batch batch;
    batch.original = Nhwc(torch::rand({3, kPackedChannels, 16, 16}) * 8);
    batch.pred = torch::full_like(batch.original, 4.0);
    batch.qp = torch::tensor({10.0F, 30.0F, 50.0F});
    ParallelStep(model, 1, [&](int) { return batch; }, {});
    std::map<std::string, Tensor> gradients;
    for (const auto& [key, tensor] : params.tensors()) {
      if (tensor.grad().defined()) gradients[key] = tensor.grad().cpu();
    }
    return gradients;
  };
  const auto cpu = run("cpu");
  const auto cuda = run("cuda");
  ASSERT_EQ(cpu.size(), cuda.size());
  ASSERT_GT(cpu.size(), 50U);
  for (const auto& [key, gradient] : cpu) {
    const double error = (cuda.at(key) - gradient).norm().item<double>();
    EXPECT_LE(error, 0.02 * gradient.norm().item<double>() + 1e-6) << key;
  }
}

// What the schedule says of a phase reaches the model, and what a step saw comes back to it.
TEST(TransformPart, ObservesOneStepInFiftyAndMovesTheOffsets) {
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "intra.", 3);
  TransformPart model(arch, "intra", {}, params);
  model.InitOwn();
  Batch batch;
  batch.original = Nhwc(torch::rand({2, kPackedChannels, 8, 8}) * 8);
  batch.pred = torch::full_like(batch.original, 4.0);
  batch.qp = torch::tensor({10.0F, 30.0F});
  torch::NoGradGuard no_grad;
  Phase phase;
  phase.step = 48;
  EXPECT_EQ(model.Forward(batch, phase).observation, nullptr);
  phase.step = 49;
  const Loss loss = model.Forward(batch, phase);
  ASSERT_NE(loss.observation, nullptr);
  ParamStore average = params.Clone();
  EXPECT_EQ(average.Get("intra.shrink").abs().max().item<float>(), 0);
  model.AfterStep({loss.observation}, average);
  EXPECT_GT(average.Get("intra.shrink").abs().max().item<float>(), 0);
  EXPECT_TRUE(torch::equal(average.Get("intra.shrink"), params.Get("intra.shrink")));
}

}  // namespace
}  // namespace furl::train::transform
