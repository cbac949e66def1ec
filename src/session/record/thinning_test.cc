#include "session/record/thinning.h"

#include <gtest/gtest.h>

namespace furl::session {
namespace {

int Taken(Thinning* thinning, int of) {
  int taken = 0;
  for (int i = 0; i < of; ++i) taken += thinning->Takes();
  return taken;
}

TEST(Thinning, TakesAllWhereThereIsTime) {
  Thinning thinning;
  for (int i = 0; i < 60; ++i) {
    EXPECT_FALSE(thinning.Update(i, 0.3, 0.1, 0).has_value());
  }
  EXPECT_EQ(Taken(&thinning, 100), 100);
}

TEST(Thinning, TakesFewerWhereThereIsNot) {
  Thinning thinning;
  std::string said;
  double seconds = 0;
  for (; thinning.part() > 0.4; seconds += 1) {
    ASSERT_LT(seconds, 60);
    said = thinning.Update(seconds, 3 * thinning.part(), 1, 0).value_or(said);
  }
  EXPECT_NE(said.find("this machine is too slow"), std::string::npos) << said;
  EXPECT_NEAR(Taken(&thinning, 300), 300 * thinning.part(), 1);
  // And more again, once there is time for it.
  for (const double end = seconds + 60; seconds < end; seconds += 1) {
    said = thinning.Update(seconds, 0.1, 0, 0).value_or(said);
  }
  EXPECT_EQ(thinning.part(), 1);
  EXPECT_NE(said.find("there is room again"), std::string::npos) << said;
}

// Pictures are coded in groups: between two of them many wait, and then none.
TEST(Thinning, WhatWaitsForAMomentIsNoDelay) {
  Thinning thinning;
  for (int i = 0; i < 600; ++i) {
    EXPECT_FALSE(thinning.Update(0.1 * i, 0.05, i % 10 == 0 ? 0.0 : 1.2, 0).has_value());
  }
}

}  // namespace
}  // namespace furl::session
