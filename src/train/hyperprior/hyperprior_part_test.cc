#include "train/hyperprior/hyperprior_part.h"

#include <gtest/gtest.h>

#include "train/network/fused_tensors.h"
#include "train/network/test_recipe.h"

namespace furl::train::hyperprior {
namespace {

using fused::Nhwc;

// What the schedule says of a phase reaches the model, and what a step saw comes back to it.
TEST(HyperpriorPart, ObservesOneStepInFiftyAndMovesTheOffsets) {
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "intra.", 3);
  HyperpriorPart model(arch, "intra", {}, params);
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

// Weights of losses reach the distortion, in squared error over (0.12 step^2).
TEST(HyperpriorPart, WeighsLossesAtTheQpOfAnItem) {
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "intra.", 3);
  HyperpriorPart model(arch, "intra", {}, params);
  model.InitOwn();
  Batch batch;
  batch.original = Nhwc(torch::rand({2, kPackedChannels, 8, 8}) * 8);
  batch.pred = torch::full_like(batch.original, 4.0);
  batch.qp = torch::tensor({10.0F, 30.0F});
  const auto run = [&](const LossWeights& weights) {
    EXPECT_TRUE(model.SetObjective(Objective(weights)).ok());
    return model.Validate(batch, {});
  };
  torch::NoGradGuard no_grad;
  const Loss alone = run({{"mse", 1}});
  EXPECT_TRUE(alone.parts.empty());
  const Loss both = run({{"mse", 0.5}, {"ms-ssim", 2}});
  const auto step = QuantizerSteps(batch.qp);
  const auto expected =
      0.5 * alone.distortion + 2 * 1800 * both.parts.at("ms-ssim") / (kLagrangian * step * step);
  EXPECT_TRUE(torch::allclose(both.distortion, expected, 1e-3)) << both.distortion << expected;
  EXPECT_TRUE(torch::allclose(both.luma_sse, alone.luma_sse));
}

TEST(HyperpriorPart, WithoutPicturesThereIsSquaredErrorAlone) {
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  TrainingOptions options;
  options.rate_only = true;
  HyperpriorPart model(arch, "intra", options, params);
  EXPECT_TRUE(model.SetObjective(Objective({{"mse", 2}, {"l1", 0}})).ok());
  EXPECT_FALSE(model.SetObjective(Objective({{"mse", 1}, {"ms-ssim", 1}})).ok());
  EXPECT_EQ(model.objective().weight("mse"), 2) << "what was refused is not set";
}

}  // namespace
}  // namespace furl::train::hyperprior
