#include "analysis/detect/velocity_map.h"

#include <gtest/gtest.h>

#include <memory>

namespace furl::analysis {
namespace {

using motion::BlockMotion;
using motion::MotionField;

constexpr int kWidth = 128;
constexpr int kHeight = 64;

std::shared_ptr<MotionField> FieldOf(int16_t x, int16_t y, int distance) {
  auto field = MotionField::Create(kWidth, kHeight).value();
  field->distance[0] = distance;
  BlockMotion block;
  block.mv[0] = {x, y};
  block.size_log2 = motion::kRootLog2;
  for (int col = 0; col < kWidth / 8; col += 8) field->SetBlock(col, 0, block);
  return field;
}

TEST(VelocityMap, ThingsMoveAgainstVectorsToThePast) {
  VelocityMap map(kWidth, kHeight);
  map.Add(*FieldOf(-16, 8, 2));
  EXPECT_TRUE(map.Known(3, 1));
  EXPECT_DOUBLE_EQ(map.At(3, 1).x, 2);  // 4 samples in 2 frames
  EXPECT_DOUBLE_EQ(map.At(3, 1).y, -1);
}

TEST(VelocityMap, ThingsMoveAlongVectorsToTheFuture) {
  VelocityMap map(kWidth, kHeight);
  map.Add(*FieldOf(16, 0, -1));
  EXPECT_DOUBLE_EQ(map.At(0, 0).x, 4);
}

TEST(VelocityMap, FieldsAreAveraged) {
  VelocityMap map(kWidth, kHeight);
  map.Add(*FieldOf(-16, 0, 1));
  map.Add(*FieldOf(-32, 0, 1));
  EXPECT_DOUBLE_EQ(map.At(5, 2).x, 6);
}

TEST(VelocityMap, TheCameraIsTheMedianOfWhatIsKnown) {
  VelocityMap map(kWidth, kHeight);
  EXPECT_DOUBLE_EQ(map.Camera().x, 0);
  auto field = FieldOf(-8, -4, 1);
  BlockMotion moving;
  moving.mv[0] = {-80, 0};
  moving.size_log2 = 4;
  for (int row = 0; row < 4; row += 2) field->SetBlock(0, row, moving);
  map.Add(*field);
  EXPECT_DOUBLE_EQ(map.At(0, 0).x, 20);
  EXPECT_DOUBLE_EQ(map.Camera().x, 2);
  EXPECT_DOUBLE_EQ(map.Camera().y, 1);
}

TEST(VelocityMap, NothingIsKnownAtFirst) {
  const VelocityMap map(33, 17);
  EXPECT_EQ(map.cols(), 3);
  EXPECT_EQ(map.rows(), 2);
  EXPECT_FALSE(map.Known(2, 1));
  EXPECT_DOUBLE_EQ(map.At(2, 1).x, 0);
}

TEST(MotionNumbers, AreBounded) {
  const auto numbers = MotionNumbers({-4000, 16});
  EXPECT_DOUBLE_EQ(numbers[0], -15);
  EXPECT_DOUBLE_EQ(numbers[1], 2);
  EXPECT_DOUBLE_EQ(numbers[2], 15);
  EXPECT_DOUBLE_EQ(numbers[3], 1);
}

}  // namespace
}  // namespace furl::analysis
