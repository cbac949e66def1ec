#include "watch/trigger.h"

#include <gtest/gtest.h>

#include <vector>

namespace furl::watch {
namespace {

using Change = Trigger::Change;

// One value per second from 0 on.
std::vector<Change> Feed(Trigger* trigger, const std::vector<double>& values) {
  std::vector<Change> changes;
  for (size_t i = 0; i < values.size(); ++i) {
    changes.push_back(trigger->Update(static_cast<double>(i), values[i]));
  }
  return changes;
}

TEST(Trigger, TwoThresholdsKeepAnEventTogether) {
  Trigger trigger({5, 3, 0, 0});
  EXPECT_EQ(Feed(&trigger, {1, 4, 5, 4, 7, 3, 2, 4}),
            (std::vector{Change::kNone, Change::kNone, Change::kBegun, Change::kNone, Change::kNone,
                         Change::kNone, Change::kEnded, Change::kNone}));
  EXPECT_FALSE(trigger.on());
  EXPECT_EQ(trigger.event().begin, 2);
  EXPECT_EQ(trigger.event().end, 5);
  EXPECT_EQ(trigger.event().peak, 7);
  EXPECT_EQ(trigger.event().peak_time, 4);
}

TEST(Trigger, WhatIsTooShortIsNoEvent) {
  Trigger trigger({5, 3, 2, 0});
  EXPECT_EQ(Feed(&trigger, {9, 9, 4, 6, 6, 6, 6}),
            (std::vector{Change::kNone, Change::kNone, Change::kNone, Change::kNone, Change::kNone,
                         Change::kBegun, Change::kNone}));
  EXPECT_EQ(trigger.event().begin, 3) << "where it rose, not where that was sure";
  EXPECT_EQ(trigger.event().peak, 6) << "not of what was before";
}

TEST(Trigger, AShortPauseIsNoEnd) {
  Trigger trigger({5, 3, 0, 3});
  EXPECT_EQ(Feed(&trigger, {6, 0, 0, 4, 0, 0, 0, 0}),
            (std::vector{Change::kBegun, Change::kNone, Change::kNone, Change::kNone, Change::kNone,
                         Change::kNone, Change::kEnded, Change::kNone}));
  EXPECT_EQ(trigger.event().end, 3);
}

TEST(Trigger, TheEndEndsWhatIsOpen) {
  Trigger trigger({5, 3, 0, 100});
  Feed(&trigger, {6, 5, 0});
  EXPECT_TRUE(trigger.on());
  EXPECT_EQ(trigger.Finish(), Change::kEnded);
  EXPECT_EQ(trigger.Finish(), Change::kNone);
  EXPECT_EQ(trigger.event().end, 1);
  EXPECT_EQ(trigger.Update(10, 8), Change::kBegun);
}

TEST(Trigger, NothingIsOpenThatHadNotBegun) {
  Trigger trigger({5, 3, 10, 0});
  Feed(&trigger, {6, 6});
  EXPECT_FALSE(trigger.on());
  EXPECT_EQ(trigger.Finish(), Change::kNone);
}

}  // namespace
}  // namespace furl::watch
