#include "rd/level_curve.h"

#include <gtest/gtest.h>

namespace furl {
namespace {

TEST(LevelCurve, OnePointAndTheExpectedSlope) {
  LevelCurve curve(-0.5);
  EXPECT_TRUE(curve.empty());
  curve.Add(20, 40);
  EXPECT_DOUBLE_EQ(curve.LevelFor(38), 24);
  EXPECT_DOUBLE_EQ(curve.LevelFor(41), 18);
  EXPECT_DOUBLE_EQ(curve.HeightAt(22), 39);
  EXPECT_FALSE(curve.Around(38).coarser.has_value());
  EXPECT_FALSE(curve.Around(41).finer.has_value());
}

TEST(LevelCurve, LinesBetweenPointsAndBeyondThem) {
  LevelCurve curve(-0.5);
  curve.Add(30, 36);
  curve.Add(20, 40);
  curve.Add(40, 30);
  ASSERT_EQ(curve.points().size(), 3u);
  EXPECT_EQ(curve.points()[0].level, 20);
  EXPECT_DOUBLE_EQ(curve.LevelFor(38), 25);
  EXPECT_DOUBLE_EQ(curve.LevelFor(33), 35);
  EXPECT_DOUBLE_EQ(curve.LevelFor(36), 30);
  EXPECT_DOUBLE_EQ(curve.LevelFor(27), 45) << "0.6 per level, as before";
  EXPECT_DOUBLE_EQ(curve.LevelFor(42), 15) << "0.4 per level";
  for (const double level : {10.0, 20.0, 27.0, 40.0, 55.0}) {
    EXPECT_DOUBLE_EQ(curve.LevelFor(curve.HeightAt(level)), level);
  }
  EXPECT_EQ(curve.Around(38).finer->level, 20);
  EXPECT_EQ(curve.Around(38).coarser->level, 30);
}

TEST(LevelCurve, FlatOrRisingEndsLeadNowhereFar) {
  LevelCurve flat(-0.8);
  flat.Add(20, 40);
  flat.Add(30, 40);
  EXPECT_DOUBLE_EQ(flat.LevelFor(39), 40) << "a tenth of a decibel per level";
  EXPECT_DOUBLE_EQ(flat.LevelFor(41), 10);
  EXPECT_GE(flat.LevelFor(40), 20);
  EXPECT_LE(flat.LevelFor(40), 30);
  LevelCurve rising(-0.8);
  rising.Add(20, 30);
  rising.Add(30, 40);
  EXPECT_GT(rising.LevelFor(35), 30) << "beyond the end that is above";
}

}  // namespace
}  // namespace furl
