#include "train/detect/detect_loss.h"

#include <gtest/gtest.h>

#include "analysis/detect/box_grid.h"

namespace furl::train {
namespace {

using analysis::Box;
using analysis::ObjectGroup;

constexpr int kSide = 128;

std::array<Tensor, 3> Grids() {
  std::array<Tensor, 3> grids;
  for (size_t i = 0; i < 3; ++i) {
    const int side = kSide / analysis::kGridScales[i];
    grids[i] = torch::zeros({1, analysis::kGridChannels, side, side});
    grids[i].slice(1, 0, analysis::kObjectGroups).fill_(-6);
  }
  return grids;
}

// One vehicle around the position (3, 2) of the finest grid.
const LabelledObject kCar = {ObjectGroup::kVehicle, false, {40, 24, 72, 56}};

double LossOf(const std::array<Tensor, 3>& grids, const LabelledObject& object) {
  return DetectLoss(grids, {{object}}).item<double>();
}

TEST(DetectLoss, IsSmallWhereTheRightThingIsSaid) {
  const double missed = LossOf(Grids(), kCar);
  auto grids = Grids();
  // All positions within 1.25 positions of the middle (56, 40), with their own distances.
  for (int y = 1; y <= 3; ++y) {
    for (int x = 2; x <= 4; ++x) {
      const double cx = 16 * (x + 0.5);
      const double cy = 16 * (y + 0.5);
      const Box& box = kCar.box;
      if (cx < 40 || cx >= 72 || cy < 24 || cy >= 56) continue;
      grids[0][0][1][y][x] = 6;
      const double distances[4] = {cx - box.left, cy - box.top, box.right - cx, box.bottom - cy};
      for (int i = 0; i < 4; ++i) {
        grids[0][0][3 + i][y][x] = std::log2(std::max(distances[i], 0.5) / 16);
      }
    }
  }
  EXPECT_LT(LossOf(grids, kCar), 0.1 * missed);
  const LabelledObject person = {ObjectGroup::kPerson, false, kCar.box};
  EXPECT_GT(LossOf(grids, person), 3 * LossOf(grids, kCar));
}

TEST(DetectLoss, DoubtfulObjectsAskForNothing) {
  LabelledObject doubtful = kCar;
  doubtful.doubtful = true;
  const double quiet = LossOf(Grids(), doubtful);
  auto grids = Grids();
  grids[0][0][1][2][3] = 4;  // inside of it
  EXPECT_NEAR(LossOf(grids, doubtful), quiet, 1e-6);
  grids[0][0][1][7][7] = 4;  // outside
  EXPECT_GT(LossOf(grids, doubtful), quiet + 1);
}

TEST(DetectLoss, PullsBoxesIntoPlace) {
  auto grids = Grids();
  for (Tensor& grid : grids) grid.requires_grad_();
  DetectLoss(grids, {{kCar}}).backward();
  const auto slope = grids[0].grad()[0];
  // The box at (3, 2) is 16 to each side: right as it is. Being there is not yet said.
  EXPECT_LT(slope[1][2][3].item<double>(), 0);
  EXPECT_EQ(grids[1].grad()[0][3].abs().sum().item<double>(), 0);  // another grid's business
}

}  // namespace
}  // namespace furl::train
