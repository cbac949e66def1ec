#include "train/network/graph_walk.h"

#include <gtest/gtest.h>

namespace furl::train {
namespace {

TEST(SpaceToDepth, OrderAndPaddingAreThoseOfTheNumericsPage) {
  const auto x = torch::arange(3 * 5 * 2).reshape({1, 3, 5, 2}).permute({0, 3, 1, 2});
  const auto packed = SpaceToDepth(x);
  ASSERT_EQ(packed.size(1), 8);
  ASSERT_EQ(packed.size(2), 2);
  ASSERT_EQ(packed.size(3), 3);
  for (int y = 0; y < 4; ++y) {
    for (int col = 0; col < 6; ++col) {
      for (int c = 0; c < 2; ++c) {
        const int64_t expected = y < 3 && col < 5 ? x[0][c][y][col].item<int64_t>() : 0;
        const int channel = ((y % 2) * 2 + col % 2) * 2 + c;
        EXPECT_EQ(packed[0][channel][y / 2][col / 2].item<int64_t>(), expected);
      }
    }
  }
  const auto back = DepthToSpace(packed);
  EXPECT_TRUE(torch::equal(back.slice(2, 0, 3).slice(3, 0, 5), x));
}

TEST(MaxPool, OddSidesPoolWhatThereIs) {
  const auto x = torch::arange(3 * 5).reshape({1, 1, 3, 5}).to(torch::kFloat64);
  const auto pooled = MaxPool(x);
  EXPECT_TRUE(torch::equal(
      pooled,
      torch::tensor({{6., 8., 9.}, {11., 13., 14.}}).to(torch::kFloat64).reshape({1, 1, 2, 3})));
  const auto up = Upsample(pooled);
  EXPECT_EQ(up.sizes(), (std::vector<int64_t>{1, 1, 4, 6}));
  EXPECT_EQ(up[0][0][1][3].item<double>(), 8);
  EXPECT_EQ(up[0][0][2][4].item<double>(), 14);
}

}  // namespace
}  // namespace furl::train
