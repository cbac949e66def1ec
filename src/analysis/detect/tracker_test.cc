#include "analysis/detect/tracker.h"

#include <gtest/gtest.h>

#include <memory>

namespace furl::analysis {
namespace {

using motion::BlockMotion;
using motion::MotionField;

constexpr int kWidth = 256;
constexpr int kHeight = 128;

// All that is in columns of 64 samples from `first` on moves so many quarter samples per frame.
VelocityMap Moving(int first, int16_t quarters) {
  auto field = MotionField::Create(kWidth, kHeight).value();
  BlockMotion block;
  block.mv[0] = {static_cast<int16_t>(-quarters), 0};
  block.size_log2 = motion::kRootLog2;
  for (int row = 0; row < kHeight / 8; row += 8) {
    for (int col = first / 8; col < kWidth / 8; col += 8) field->SetBlock(col, row, block);
  }
  VelocityMap map(kWidth, kHeight);
  map.Add(*field);
  return map;
}

Detection Person(double score, Box box) { return {ObjectGroup::kPerson, score, box}; }

TEST(Tracker, ObjectsKeepTheirNumbersAndMove) {
  Tracker tracker(kWidth, kHeight, {});
  tracker.Update({Person(0.8, {64, 20, 100, 100}), Person(0.7, {0, 20, 30, 100})});
  ASSERT_EQ(tracker.tracks().size(), 2U);
  const VelocityMap motion = Moving(64, 16);
  for (int i = 0; i < 5; ++i) tracker.Move(motion);
  EXPECT_NEAR(tracker.tracks()[0].box.left, 84, 0.01);
  EXPECT_NEAR(tracker.tracks()[1].box.left, 0, 0.01);
  tracker.Update({Person(0.5, {82, 22, 120, 100}), Person(0.9, {0, 20, 30, 100})});
  ASSERT_EQ(tracker.tracks().size(), 2U);
  EXPECT_EQ(tracker.tracks()[0].id, 1);
  EXPECT_DOUBLE_EQ(tracker.tracks()[0].box.left, 82);
  EXPECT_EQ(tracker.tracks()[1].id, 2);
}

TEST(Tracker, WeakDetectionsGoOnWithTracksButBeginNone) {
  Tracker tracker(kWidth, kHeight, {});
  tracker.Update({Person(0.3, {0, 0, 30, 60})});
  EXPECT_TRUE(tracker.tracks().empty());
  tracker.Update({Person(0.6, {0, 0, 30, 60})});
  for (int i = 0; i < 4; ++i) tracker.Update({Person(0.2, {0, 0, 30, 60})});
  ASSERT_EQ(tracker.tracks().size(), 1U);
  EXPECT_DOUBLE_EQ(tracker.tracks()[0].score, 0.2);
}

TEST(Tracker, ATrackOutlivesOneMissedKeyFrame) {
  Tracker tracker(kWidth, kHeight, {});
  tracker.Update({Person(0.6, {0, 0, 30, 60})});
  tracker.Update({});
  EXPECT_EQ(tracker.tracks().size(), 1U);
  tracker.Update({});
  EXPECT_TRUE(tracker.tracks().empty());
}

TEST(Tracker, AnotherGroupIsAnotherObject) {
  Tracker tracker(kWidth, kHeight, {});
  tracker.Update({Person(0.6, {0, 0, 30, 60})});
  tracker.Update({{ObjectGroup::kAnimal, 0.9, {0, 0, 30, 60}}});
  ASSERT_EQ(tracker.tracks().size(), 2U);
  EXPECT_EQ(tracker.tracks()[1].id, 2);
}

TEST(Tracker, WhatLeavesThePictureEnds) {
  Tracker tracker(kWidth, kHeight, {});
  tracker.Update({Person(0.6, {200, 20, 250, 100})});
  const VelocityMap motion = Moving(0, 40);
  for (int i = 0; i < 7; ++i) tracker.Move(motion);
  EXPECT_TRUE(tracker.tracks().empty());
}

}  // namespace
}  // namespace furl::analysis
