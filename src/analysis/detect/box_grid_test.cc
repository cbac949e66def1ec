#include "analysis/detect/box_grid.h"

#include <gtest/gtest.h>

namespace furl::analysis {
namespace {

TEST(Box, IntersectionOverUnion) {
  const Box a = {0, 0, 10, 10};
  EXPECT_DOUBLE_EQ(a.IntersectionOverUnion(a), 1);
  EXPECT_DOUBLE_EQ(a.IntersectionOverUnion({5, 0, 15, 10}), 50.0 / 150);
  EXPECT_DOUBLE_EQ(a.IntersectionOverUnion({20, 20, 30, 30}), 0);
  EXPECT_DOUBLE_EQ(Box().IntersectionOverUnion(Box()), 0);
}

TEST(BoxGrid, SidesAreOctavesOfAPosition) {
  EXPECT_EQ(BoxAt(2, 1, 16, {0, 1, -1, 2}), (Box{24, -8, 48, 88}));
  const Box widest = BoxAt(0, 0, 64, {100, 100, 100, 100});
  EXPECT_DOUBLE_EQ(widest.width(), 2 * 64 * 64);
}

TEST(BoxGrid, LargerObjectsBelongToCoarserGrids) {
  EXPECT_EQ(GridOf({0, 0, 20, 87}), 0);
  EXPECT_EQ(GridOf({0, 0, 100, 20}), 1);
  EXPECT_EQ(GridOf({0, 0, 300, 20}), 2);
}

TEST(BoxGrid, OnlyGoodPositionsInsideThePictureCount) {
  auto grid = nn::Tensor::Create(nn::Format::kS16, 2, 3, kGridChannels).value();
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) {
      for (int g = 0; g < kObjectGroups; ++g) grid.S16(y, x)[g] = -10 * 512;
    }
  }
  grid.S16(0, 1)[1] = 2 * 512;  // a vehicle, one octave wide to each side
  for (int i = 0; i < 4; ++i) grid.S16(0, 1)[kObjectGroups + i] = 512;
  grid.S16(1, 2)[0] = 5 * 512;  // outside
  std::vector<Detection> found;
  AddBoxes(grid, 16, 40, 24, 0.5, &found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].group, ObjectGroup::kVehicle);
  EXPECT_NEAR(found[0].score, 0.881, 0.001);
  EXPECT_EQ(found[0].box, (Box{0, 0, 40, 24}));
}

TEST(BoxGrid, OfAlikeBoxesTheBestStays) {
  const std::vector<Detection> best = BestOf({{ObjectGroup::kPerson, 0.5, {0, 0, 10, 10}},
                                              {ObjectGroup::kPerson, 0.9, {1, 0, 11, 10}},
                                              {ObjectGroup::kAnimal, 0.4, {0, 0, 10, 10}},
                                              {ObjectGroup::kPerson, 0.6, {8, 0, 18, 10}},
                                              {ObjectGroup::kPerson, 0.8, {3, 3, 3, 3}}},
                                             3);
  ASSERT_EQ(best.size(), 3U);
  EXPECT_DOUBLE_EQ(best[0].score, 0.9);
  EXPECT_DOUBLE_EQ(best[1].score, 0.6);
  EXPECT_EQ(best[2].group, ObjectGroup::kAnimal);
}

}  // namespace
}  // namespace furl::analysis
