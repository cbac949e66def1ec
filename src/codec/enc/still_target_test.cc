#include "codec/enc/still_target.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace furl {
namespace {

constexpr double kStep = 14;

// A grey picture of odd size, with noise of up to `noise` levels, and `white` columns in white.
FramePtr Picture(int noise, unsigned seed, int white = 0) {
  FramePtr frame = Frame::Create(67, 45, 8).value();
  std::mt19937 random(seed);
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const int n = noise == 0 ? 0 : static_cast<int>(random() % (2 * noise + 1)) - noise;
        plane.row(y)[x] = static_cast<uint16_t>(x < white ? 235 : 110 + n);
      }
    }
  }
  return frame;
}

int64_t Distance(const Frame& a, const Frame& b, int p) {
  int64_t sum = 0;
  for (int y = 0; y < a.plane(p).height; ++y) {
    for (int x = 0; x < a.plane(p).width; ++x) {
      sum += std::abs(a.plane(p).row(y)[x] - b.plane(p).row(y)[x]);
    }
  }
  return sum;
}

TEST(StillTarget, NoiseIsDrawnTowardsThePictureBefore) {
  const FramePtr now = Picture(2, 1);
  const FramePtr decoded = Picture(0, 0);
  const ConstFramePtr target = StillTarget(now, {Picture(2, 2), decoded}, kStep).value();
  for (int p = 0; p < 3; ++p) {
    EXPECT_LT(Distance(*target, *decoded, p), 0.9 * Distance(*now, *decoded, p)) << p;
    EXPECT_LT(Distance(*target, *now, p), 0.6 * Distance(*now, *decoded, p)) << p;
  }
}

TEST(StillTarget, WhatHasMovedStaysAsItIs) {
  const FramePtr now = Picture(0, 1, 16);
  const FramePtr decoded = Picture(2, 3);
  const ConstFramePtr target = StillTarget(now, {Picture(0, 2), decoded}, kStep).value();
  for (int y = 0; y < now->height(); ++y) {
    for (int x = 0; x < 16; ++x) EXPECT_EQ(target->plane(0).row(y)[x], 235);
  }
  EXPECT_GT(Distance(*target, *now, 0), 0);  // the rest is still
}

// A picture that was coded badly is no model, and at fine steps noise is worth coding.
TEST(StillTarget, BadPicturesAndFineStepsLeaveTheOriginal) {
  const FramePtr now = Picture(4, 1);
  const FramePtr same = Picture(4, 1);
  EXPECT_EQ(StillTarget(now, {same, Picture(0, 0, 67)}, kStep).value(), now);
  EXPECT_EQ(StillTarget(now, {Picture(4, 2), Picture(0, 0)}, 1).value(), now);
  EXPECT_EQ(StillTarget(now, {}, kStep).value(), now);
}

}  // namespace
}  // namespace furl
