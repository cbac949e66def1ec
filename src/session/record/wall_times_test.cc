#include "session/record/wall_times.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace furl::session {
namespace {

constexpr int64_t kStart = 1'796'040'000'000;  // ms

TEST(WallTimes, CountFromTheFirstPicture) {
  WallTimes times(std::nullopt);
  times.Connect(7, kStart);
  EXPECT_EQ(times.Take(7, kStart), kStart * 10);
  EXPECT_EQ(times.Take(7.04, kStart + 5), kStart * 10 + 400) << "when it came doesn't count";
  EXPECT_EQ(times.At(6.5), kStart * 10 - 5000);
}

TEST(WallTimes, GoOnBehindABreak) {
  WallTimes times(std::nullopt);
  times.Connect(0, kStart);
  const int64_t last = times.Take(100, kStart);
  times.Connect(50, kStart + 1000);
  EXPECT_GT(times.Take(50, kStart + 1000), last);
  times.Connect(0, kStart + 1'000'000);
  EXPECT_EQ(times.Take(0, kStart + 1'000'000), (kStart + 1'000'000) * 10);
}

// Pictures at a tenth of a second of the camera's clock, whose second is `second` long, and which
// come with some jitter from `burst` seconds on: those before come all at once. How far times are
// from when pictures were taken after a while, and the least and most distance of two.
struct Errors {
  double furthest = 0;
  double shortest = 1;
  double longest = 0;
};

Errors Simulate(double second, double burst) {
  WallTimes times(std::nullopt);
  Errors errors;
  int64_t last = 0;
  for (int i = 0; i < 36000; ++i) {
    const double taken = 0.1 * i * second - burst;  // by this machine's clock
    const double came = std::max(taken, 0.0) + i % 7 * 0.02;
    const auto came_ms = kStart + std::llround(came * 1000);
    if (i == 0) times.Connect(0, came_ms);
    const int64_t time = times.Take(0.1 * i, came_ms);
    const double apart = static_cast<double>(time - kStart * 10) / kWallTicks - taken;
    if (taken > 200) errors.furthest = std::max(errors.furthest, std::abs(apart));
    const double step = static_cast<double>(time - last) / kWallTicks;
    if (i > 0) errors.shortest = std::min(errors.shortest, step);
    if (i > 0) errors.longest = std::max(errors.longest, step);
    last = time;
  }
  return errors;
}

TEST(WallTimes, FollowTheClockSlowly) {
  for (const auto& [second, burst] :
       {std::pair{1.0, 0.0}, {1.001, 0.0}, {0.999, 0.0}, {1.0, 5.0}}) {
    const Errors errors = Simulate(second, burst);
    EXPECT_LT(errors.furthest, 0.4) << second << ", " << burst;
    EXPECT_GE(errors.shortest, 0.0949) << second << ", " << burst;
    EXPECT_LE(errors.longest, 0.1051) << second << ", " << burst;
  }
}

TEST(WallTimes, NeverGoBack) {
  WallTimes times(std::nullopt);
  times.Connect(0, kStart);
  int64_t last = 0;
  for (int i = 0; i < 1000; ++i) {
    const int64_t back = i > 500 ? 3'600'000 : 0;  // somebody sets the clock
    const int64_t time = times.Take(i * 0.1, kStart + i * 100 - back);
    EXPECT_GT(time, last + 900);
    last = time;
  }
}

TEST(WallTimes, JumpWhereSomebodySlept) {
  WallTimes times(std::nullopt);
  times.Connect(0, kStart);
  int64_t time = 0;
  int64_t came = 0;
  for (int i = 0; i < 1000; ++i) {
    came = kStart + i * 100 + (i > 500 ? 60'000 : 0);
    time = times.Take(i * 0.1, came);
  }
  EXPECT_LT(std::abs(time - came * 10), kWallTicks / 2);
}

TEST(WallTimes, CanBeTold) {
  WallTimes times(1'000'000);
  times.Connect(3, kStart);
  EXPECT_EQ(times.Take(3, kStart), 10'000'000);
  EXPECT_EQ(times.Take(400, kStart + 7), 13'970'000);
  times.Connect(0, kStart);
  EXPECT_EQ(times.Take(0, kStart), 13'970'001);
}

}  // namespace
}  // namespace furl::session
