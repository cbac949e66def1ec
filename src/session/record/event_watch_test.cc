#include "session/record/event_watch.h"

#include <gtest/gtest.h>

#include <vector>

namespace furl::session {
namespace {

using Step = EventWatch::Step;

const std::vector<std::string> kZones = {"drive", "door"};

// What a value at each tenth of a second gives.
class Feed {
 public:
  Feed(double least_motion, double post) : watch_(least_motion, post) {}

  Step Next(double value, std::vector<size_t> moving = {}) {
    const ConstFramePtr picture = Frame::Create(16, 16, 8).value();
    latest_ = picture;
    return watch_.Update(0.1 * at_++, {value, std::move(moving), false}, kZones, picture);
  }
  // So many times; how often `member` was true.
  int Count(int times, double value, bool Step::*member) {
    int count = 0;
    for (int i = 0; i < times; ++i) count += Next(value).*member;
    return count;
  }

  EventWatch watch_;
  ConstFramePtr latest_;
  int at_ = 0;
};

TEST(EventWatch, QualityRisesAtOnceAndStaysForAWhile) {
  Feed feed(0.3, 3);
  EXPECT_EQ(feed.Count(10, 0, &Step::quiet), 10);
  const Step first = feed.Next(2, {1});
  EXPECT_TRUE(first.rises);
  EXPECT_FALSE(first.quiet);
  EXPECT_FALSE(first.begun) << "it may be too short";
  EXPECT_EQ(feed.Count(5, 3, &Step::begun), 1);
  EXPECT_EQ(feed.watch_.event().begin, 1.0);
  // It ends two seconds later, and the time after it a second after that.
  EXPECT_EQ(feed.Count(19, 0, &Step::ended), 0);
  EXPECT_TRUE(feed.Next(0).ended);
  EXPECT_NEAR(feed.watch_.event().end, 1.5, 1e-9);
  EXPECT_EQ(feed.Count(9, 0, &Step::quiet), 0);
  const Step last = feed.Next(0);
  EXPECT_TRUE(last.quiet);
  EXPECT_TRUE(last.passed);
  EXPECT_EQ(feed.Count(50, 0, &Step::passed), 0);
}

TEST(EventWatch, WhatIsTooShortIsNone) {
  Feed feed(0.3, 3);
  EXPECT_TRUE(feed.Next(2).rises);
  EXPECT_EQ(feed.Count(60, 0, &Step::ended), 0);
  EXPECT_EQ(feed.Count(1, 0, &Step::quiet), 1);
  EXPECT_FALSE(feed.watch_.Finish());
}

TEST(EventWatch, NotesZonesAndTheBestPicture) {
  Feed feed(0, 3);
  feed.Next(1.5, {0});
  feed.Next(4, {0, 1});
  const ConstFramePtr best = feed.latest_;
  feed.Next(2, {0});
  EXPECT_EQ(feed.watch_.zones(), (std::set<std::string>{"door", "drive"}));
  EXPECT_EQ(feed.watch_.picture(), best);
  feed.Count(40, 0, &Step::ended);
  feed.Next(2, {0});  // another one, in the time after the first
  EXPECT_EQ(feed.watch_.zones(), (std::set<std::string>{"drive"}));
  EXPECT_EQ(feed.watch_.picture(), feed.latest_);
  EXPECT_TRUE(feed.watch_.Finish());
}

TEST(EventWatch, AnEventInTheTimeAfterOneGoesOn) {
  Feed feed(0, 5);
  EXPECT_TRUE(feed.Next(2).begun);
  EXPECT_EQ(feed.Count(30, 0, &Step::ended), 1);
  const Step next = feed.Next(2);
  EXPECT_TRUE(next.begun);
  EXPECT_FALSE(next.rises) << "quality is high still";
  EXPECT_EQ(feed.Count(49, 0, &Step::passed), 0);
  EXPECT_EQ(feed.Count(10, 0, &Step::passed), 1);
}

}  // namespace
}  // namespace furl::session
