#include "train/preprocess/preparation.h"

#include <gtest/gtest.h>

#include <cmath>

namespace furl::train {
namespace {

TEST(Preparation, SizesAreEvenAndScaledAsItSays) {
  std::mt19937_64 rng(2);
  const Preparation preparation = {.least_scale = 0.25, .usual_scale = 0.5, .most_scale = 0.75};
  int usual = 0;
  for (int i = 0; i < 1000; ++i) {
    const ClipSize size = DrawSize({1280, 720}, preparation, rng);
    EXPECT_EQ(size.width % 2 + size.height % 2, 0);
    EXPECT_GE(size.height, 180);
    EXPECT_LE(size.height, 540);
    EXPECT_NEAR(static_cast<double>(size.width) / size.height, 16.0 / 9, 0.02);
    usual += size.height <= 360 ? 1 : 0;
  }
  EXPECT_NEAR(usual, 750, 60);
  // Small clips are not scaled below the smallest side, nor up.
  EXPECT_EQ(
      DrawSize({200, 150},
               {.min_side = 144, .least_scale = 0.1, .usual_scale = 0.1, .most_scale = 0.1}, rng)
          .height,
      144);
  EXPECT_EQ(DrawSize({100, 80}, preparation, rng).height, 80);
}

TEST(Preparation, RefusesWhatMakesNoSense) {
  EXPECT_TRUE(CheckPreparation({}).ok());
  EXPECT_FALSE(CheckPreparation({.versions = 0}).ok());
  EXPECT_FALSE(CheckPreparation({.every = 0}).ok());
  EXPECT_FALSE(CheckPreparation({.sequence = -1}).ok());
  EXPECT_FALSE(CheckPreparation({.least_scale = 0.8}).ok()) << "above the usual one";
  EXPECT_FALSE(CheckPreparation({.most_scale = 1.5}).ok());
  EXPECT_FALSE(CheckPreparation({.least_scale = 0}).ok());
}

}  // namespace
}  // namespace furl::train
