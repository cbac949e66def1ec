#include "train/network/lap.h"

#include <gtest/gtest.h>

namespace furl::train {
namespace {

TEST(Lap, StrengthsCancelAndTheWholeFollowsTheReal) {
  torch::manual_seed(4);
  const auto x = torch::round(torch::randn({2, 96, 6, 10}) * 900);
  const auto lapped = Lap(x, 0.55);
  const auto change = (lapped - x).abs();
  EXPECT_GT(change.mean().item<double>(), 50);
  EXPECT_NEAR(lapped.square().mean().item<double>(), x.square().mean().item<double>(), 300);
  // The picture's border has no neighbours: the top left luma sample stays.
  EXPECT_EQ(change.index({torch::indexing::Slice(), 0, 0, 0}).max().item<double>(), 0);
  EXPECT_LT((Lap(lapped, -0.55) - x).abs().max().item<double>(), 2);
  const auto whole = LapWhole(x.to(torch::kFloat64), 0.55).to(torch::kFloat32);
  EXPECT_LE((whole - lapped).abs().max().item<double>(), 2);
}

// Smooth pictures are what lapping is for: what a ramp's blocks differ by at
// their edges becomes smaller.
TEST(Lap, FlattensBlocksOfARamp) {
  auto x = torch::zeros({1, 96, 2, 8});
  for (int i = 0; i < 64; ++i) {
    for (int column = 0; column < 8; ++column)
      x[0][8 * (i / 8) + i % 8][0][column] = column * 8 + i % 8;
  }
  const auto spread = [](const Tensor& t) {
    using torch::indexing::Slice;
    return t.index({0, Slice(0, 8), 0, Slice(2, 4)}).var(false).item<double>();
  };
  EXPECT_LT(spread(Lap(x, 0.55)), 0.75 * spread(x));
  EXPECT_LT(spread(Lap(x, 1)), spread(Lap(x, 0.55)));
}

}  // namespace
}  // namespace furl::train
