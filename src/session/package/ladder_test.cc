#include "session/package/ladder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace furl::session {
namespace {

VideoFormat Format(int width, int height) {
  VideoFormat format;
  format.width = width;
  format.height = height;
  return format;
}

// Curves of two sizes that cross at `cross` bits per second.
std::vector<LadderPoint> Points(double cross) {
  std::vector<LadderPoint> points;
  for (const double rate : {2000e3, 500e3, 125e3}) {
    points.push_back({1280, 720, rate, 35 + 4 * std::log2(rate / cross)});
    points.push_back({640, 360, rate / 4, 35 + 2 * std::log2(rate / 4 / cross)});
  }
  return points;
}

TEST(Ladder, SizesAreEvenAndNotTooSmall) {
  const auto sizes = LadderSizes(Format(1921, 1081));
  ASSERT_EQ(sizes.size(), 4u);
  EXPECT_EQ(sizes[0].width, 1921);
  EXPECT_EQ(sizes[1].width, 1280);
  EXPECT_EQ(sizes[1].height, 720);
  EXPECT_EQ(sizes[3].height, 360);
  EXPECT_EQ(LadderSizes(Format(100, 80)).size(), 1u);
}

TEST(Ladder, TheBetterLookingSizeIsTakenAtEachRate) {
  const auto ladder = ChooseLadder(Points(600e3));
  ASSERT_EQ(ladder.size(), kMostRungs);
  const int widths[] = {1280, 1280, 640, 640, 640};
  for (int i = 0; i < kMostRungs; ++i) {
    EXPECT_NEAR(ladder[i].bits_per_second, 2000e3 / (1 << i), 0.05 * 2000e3 / (1 << i));
    EXPECT_EQ(ladder[i].width, widths[i]) << i;
  }
}

TEST(Ladder, ContentThatNeedsFewBitsStaysLarge) {
  for (const Rung& rung : ChooseLadder(Points(1e3))) EXPECT_EQ(rung.width, 1280);
}

TEST(Ladder, EndsWhereNothingWasMeasured) {
  const LadderPoint points[] = {{320, 180, 90e3, 40}, {320, 180, 40e3, 36}};
  const auto ladder = ChooseLadder(points);
  ASSERT_EQ(ladder.size(), 2u);
  EXPECT_EQ(ladder[1].bits_per_second, 45000);
  EXPECT_EQ(RoundedRate(1234567), 1200000);
}

TEST(Ladder, PlainRatesFollowTheSize) {
  const auto ladder = PlainLadder(Format(1280, 720), 0.05);
  ASSERT_EQ(ladder.size(), 4u);
  for (size_t i = 1; i < ladder.size(); ++i) {
    EXPECT_LT(ladder[i].bits_per_second, ladder[i - 1].bits_per_second);
  }
}

}  // namespace
}  // namespace furl::session
