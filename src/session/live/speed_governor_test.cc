#include "session/live/speed_governor.h"

#include <gtest/gtest.h>

namespace furl::session {
namespace {

TEST(SpeedGovernor, LessEffortWherePicturesWait) {
  SpeedGovernor governor({1, 0.9, 0.4});
  EXPECT_EQ(governor.Update({1, 0.9, 0.1, 0}), 0u);
  EXPECT_EQ(governor.Update({1, 0.9, 0.7, 0}), 1u);
  EXPECT_EQ(governor.Update({1, 0.8, 0.6, 0}), 1u);  // it gets less
  EXPECT_EQ(governor.Update({1, 0.8, 0.2, 3}), 2u);  // dropped
  EXPECT_EQ(governor.Update({1, 2, 5, 9}), 2u);      // there is nothing below
}

TEST(SpeedGovernor, LessEffortWhereWorkTakesAllTime) {
  SpeedGovernor governor({1, 0.9});
  EXPECT_EQ(governor.Update({2, 1.95, 0, 0}), 1u);
}

TEST(SpeedGovernor, MoreEffortAfterAWhile) {
  SpeedGovernor governor({1, 0.5});
  ASSERT_EQ(governor.Update({1, 1.2, 0.2, 0}), 1u);
  for (int i = 0; i < 9; ++i) ASSERT_EQ(governor.Update({1, 0.3, 0, 0}), 1u);
  EXPECT_EQ(governor.Update({1, 0.3, 0, 0}), 0u);
}

TEST(SpeedGovernor, NotWhereMoreWouldBeTooMuch) {
  SpeedGovernor governor({1, 0.5});
  ASSERT_EQ(governor.Update({1, 1.2, 0.2, 0}), 1u);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(governor.Update({1, 0.5, 0, 0}), 1u);
}

TEST(SpeedGovernor, WaitsLongerWhereMoreFailed) {
  SpeedGovernor governor({1, 0.5});
  const auto seconds_until_more = [&] {
    for (int i = 1;; ++i) {
      if (governor.Update({1, 0.3, 0, 0}) == 0) return i;
    }
  };
  ASSERT_EQ(governor.Update({1, 1.2, 0, 0}), 1u);
  EXPECT_EQ(seconds_until_more(), 10);
  ASSERT_EQ(governor.Update({1, 1.2, 0, 0}), 1u);
  EXPECT_EQ(seconds_until_more(), 20);
  ASSERT_EQ(governor.Update({1, 1.2, 0, 0}), 1u);
  EXPECT_EQ(seconds_until_more(), 40);
}

}  // namespace
}  // namespace furl::session
