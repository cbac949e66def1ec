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

}  // namespace
}  // namespace furl::train::hyperprior
