#include "eval/work_estimate.h"

#include <gtest/gtest.h>

namespace furl::eval {
namespace {

TEST(WorkEstimate, LearnsWhatEachCodecCosts) {
  // A clip of 100 samples and one of 1000; two codecs, four points each.
  WorkEstimate work({100, 1000}, 2, 4);
  EXPECT_EQ(work.expected_points(), 16);
  EXPECT_EQ(work.Remaining(0, 0, 0.5), -1) << "nothing is known yet";
  work.AddMeasured(0, 0, 2);  // 0.02 s per sample
  // 3 and 4 points left of the first; the other is taken to be as slow.
  EXPECT_DOUBLE_EQ(work.Remaining(0, 0, 0), 0.02 * (3 * 100 + 4 * 1000 + 4 * 100 + 4 * 1000));
  EXPECT_DOUBLE_EQ(work.Remaining(0, 0, 0.5), work.Remaining(0, 0, 0) - 1);
  work.AddMeasured(0, 1, 20);  // 0.2 s per sample
  EXPECT_DOUBLE_EQ(work.Remaining(0, 1, 0),
                   0.02 * (3 * 100 + 4 * 1000) + 0.2 * (3 * 100 + 4 * 1000));
  EXPECT_EQ(work.points(), 2);
}

TEST(WorkEstimate, CachedPointsTakeNoTime) {
  WorkEstimate work({100}, 1, 3);
  work.AddCached(0, 0);
  EXPECT_EQ(work.Remaining(0, 0, 0), -1);
  work.AddMeasured(0, 0, 5);
  EXPECT_DOUBLE_EQ(work.Remaining(0, 0, 0), 5);
  EXPECT_EQ(work.points(), 2);
  EXPECT_EQ(work.expected_points(), 3);
}

TEST(WorkEstimate, FollowsCurvesThatAreLongerOrShorter) {
  WorkEstimate work({100, 100}, 1, 2);
  for (int i = 0; i < 3; ++i) work.AddMeasured(0, 0, 1);
  EXPECT_EQ(work.expected_points(), 5);
  EXPECT_DOUBLE_EQ(work.Remaining(0, 0, 0.25), 0.75 + 2) << "one more is at work";
  work.EndCurve(0, 0);
  work.EndCurve(1, 0);  // failed
  EXPECT_EQ(work.expected_points(), 3);
  EXPECT_DOUBLE_EQ(work.Remaining(1, 0, 1), 0);
}

TEST(WorkEstimate, ClipsOfAnotherLengthThanThought) {
  WorkEstimate work({0, 100}, 1, 1);
  work.SetSamples(0, 50);
  work.AddMeasured(0, 0, 1);
  EXPECT_DOUBLE_EQ(work.Remaining(1, 0, 0), 2);
}

}  // namespace
}  // namespace furl::eval
