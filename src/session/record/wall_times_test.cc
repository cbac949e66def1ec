#include "session/record/wall_times.h"

#include <gtest/gtest.h>

namespace furl::session {
namespace {

constexpr int64_t kStart = 1'796'040'000'000;  // ms

TEST(WallTimes, CountFromTheFirstPicture) {
  int64_t now = kStart;
  WallTimes times([&] { return now; }, std::nullopt);
  times.Connect(7);
  EXPECT_EQ(times.Take(7), kStart * 10);
  now += 5;  // late on its way here, which doesn't matter
  EXPECT_EQ(times.Take(7.04), kStart * 10 + 400);
  EXPECT_EQ(times.At(6.5), kStart * 10 - 5000);
  EXPECT_EQ(times.Follow(), 0);
}

TEST(WallTimes, GoOnBehindABreak) {
  int64_t now = kStart;
  WallTimes times([&] { return now; }, std::nullopt);
  times.Connect(0);
  times.Take(100);  // faster than the clock
  now += 1000;
  times.Connect(50);
  EXPECT_GT(times.Take(50), kStart * 10 + 100 * kWallTicks);
  now += 1'000'000;
  times.Connect(0);
  EXPECT_EQ(times.Take(0), now * 10);
}

// A camera whose second is a thousandth too short.
TEST(WallTimes, FollowTheClock) {
  int64_t now = kStart;
  WallTimes times([&] { return now; }, std::nullopt);
  times.Connect(0);
  int64_t last = 0;
  int64_t furthest = 0;
  for (int i = 0; i < 3600; ++i) {
    now = kStart + i * 1000 + i % 7 * 20;  // and pictures take more or less time to come
    const int64_t time = times.Take(i * 0.999);
    EXPECT_GT(time, last);
    last = time;
    furthest = std::max(furthest, std::abs(time - (kStart + i * 1000) * 10));
    if (i % 60 == 0) times.Follow();
  }
  EXPECT_LT(furthest, 7000) << "0.7 s";
}

TEST(WallTimes, NeverGoBack) {
  int64_t now = kStart;
  WallTimes times([&] { return now; }, std::nullopt);
  times.Connect(0);
  int64_t last = 0;
  for (int i = 0; i < 100; ++i) {
    if (i == 50) now -= 3'600'000;  // somebody sets the clock
    now += 40;
    const int64_t time = times.Take(i * 0.04);
    EXPECT_GT(time, last);
    last = time;
    if (i % 10 == 0) times.Follow();
  }
}

TEST(WallTimes, CanBeTold) {
  WallTimes times([] { return kStart; }, 1'000'000);
  times.Connect(3);
  EXPECT_EQ(times.Take(3), 10'000'000);
  EXPECT_EQ(times.Take(4), 10'010'000);
  EXPECT_EQ(times.Follow(), 0);
}

}  // namespace
}  // namespace furl::session
