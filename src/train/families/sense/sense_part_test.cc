// What training starts from: the best linear reconstruction.

#include "train/families/sense/sense_part.h"

#include <gtest/gtest.h>

#include "train/families/sense/linear_fit.h"
#include "train/network/arch.h"
#include "train/network/graph_walk.h"
#include "train/network/params.h"

namespace furl::train::sense {
namespace {

TEST(SenseLinearFit, NeighbourhoodsAreWhatConvolutionsSee) {
  torch::manual_seed(1);
  const auto x = torch::randn({2, 3, 4, 5});
  const auto weight = torch::randn({1, 3, 3, 3});
  const auto wanted = torch::conv2d(MirrorPad(x), weight).flatten(1);
  const auto seen = (Neighbourhoods(x) * weight.reshape({1, 3, 9, 1})).sum({1, 2});
  EXPECT_TRUE(torch::allclose(seen, wanted, 1e-4, 1e-5));
}

// Gates add up to an open one at every knot; the first level is alone where all rows are measured
// and the last at the coarsest QPs.
TEST(SenseLinearFit, LevelsTakeTurns) {
  for (const int64_t levels : {1, 2, 4, 7}) {
    const auto gates = LevelGates(levels, 3).reshape({kQpKnots, levels, 3});
    EXPECT_TRUE(torch::allclose(gates.sum(1), torch::full({kQpKnots, 3}, kU7Max)));
    EXPECT_NEAR(gates[0][0][2].item<double>(), kU7Max, 1e-5);
    EXPECT_NEAR(gates[kQpKnots - 1][levels - 1][0].item<double>(), kU7Max, 1e-5);
  }
}

// A row that is not measured is half its neighbour on the left and a quarter of itself before.
TEST(SenseLinearFit, FindsWhatFillsRows) {
  torch::manual_seed(2);
  FillFit fit;
  for (int i = 0; i < 40; ++i) {
    const auto measured = torch::randn({2, 96, 4, 4});
    auto taken = torch::ones({2, 96, 4, 4});
    taken.select(1, 40).zero_();
    measured.select(1, 40).zero_();
    const auto before = torch::randn({2, 96, 4, 4});
    auto truth = measured.clone();
    const auto left = MirrorPad(measured).slice(2, 1, 5).slice(3, 0, 4).select(1, 2);
    truth.select(1, 40).copy_(0.5 * left + 0.25 * before.select(1, 40));
    fit.Add(measured, taken, before, truth);
  }
  const FillFit::Weights weights = fit.Solve();
  EXPECT_NEAR(weights.near[40][2][1][0].item<double>(), 0.5, 0.01);
  EXPECT_NEAR(weights.before[40][40][0][0].item<double>(), 0.25, 0.01);
  EXPECT_NEAR(weights.near[40].abs().sum().item<double>(), 0.5, 0.1);
  EXPECT_NEAR(weights.near[41].abs().sum().item<double>(), 0, 1e-6);  // always measured
}

// Shaded pictures that stand still, at all QPs.
Batch Pictures() {
  constexpr int64_t kItems = 4;
  constexpr int64_t kFrames = 3;
  constexpr int64_t kPositions = 12;
  auto luma = torch::nn::functional::interpolate(
      torch::randn({kItems, 1, 9, 9}),
      torch::nn::functional::InterpolateFuncOptions()
          .size(std::vector<int64_t>{8 * kPositions, 8 * kPositions})
          .mode(torch::kBilinear)
          .align_corners(false));
  for (int i = 0; i < 3; ++i) luma = SpaceToDepth(luma);
  const auto packed = torch::cat({luma, luma.slice(1, 0, 32) * 0.5}, 1);
  const auto original = (packed + 4).unsqueeze(1).repeat({1, kFrames, 1, 1, 1}).contiguous();
  return {original, torch::full_like(original, 4), Tensor(),
          torch::randint(16, 64, {kItems}, torch::kInt64)};
}

TEST(SensePart, StartsFromTheBestLinearReconstruction) {
  const Architecture arch =
      ReadArchitecture(std::string(FURL_SOURCE_DIR) + "/recipes/sense_m.json").value();
  ParamStore params(torch::kCPU);
  params.InitGraphs(arch, "video.", 1);
  SensePart part(arch, "video", params);
  part.InitOwn();
  torch::manual_seed(3);
  part.Start(Pictures);
  const Batch batch = Pictures();
  const auto error = [&] { return part.Validate(batch, {}).luma_sse.sum().item<double>(); };
  const double start = error();
  // Each of its pieces helps.
  for (const char* name : {"posterior.before", "posterior.near", "synthesis.inverse"}) {
    const std::string weight = std::string("video.") + name + ".weight";
    const Tensor kept = params.Get(weight).clone();
    params.Set(weight, torch::zeros_like(kept));
    EXPECT_GT(error(), 1.01 * start) << name;
    params.Set(weight, kept);
  }
  EXPECT_EQ(error(), start);
}

}  // namespace
}  // namespace furl::train::sense
