#include "rd/score_series.h"

#include <gtest/gtest.h>

namespace furl {
namespace {

TEST(ScoreSeries, EmptyHasNothingToSay) {
  const ScoreSummary summary = ScoreSeries().Summarize();
  EXPECT_EQ(summary.frames, 0);
  EXPECT_EQ(summary.low_frames, 0);
  EXPECT_EQ(summary.mean, 0);
}

TEST(ScoreSeries, OneFrameIsMeanLowAndWorst) {
  ScoreSeries series;
  series.Add(7, 1.5, 42);
  const ScoreSummary summary = series.Summarize();
  EXPECT_EQ(summary.frames, 1);
  EXPECT_EQ(summary.mean, 42);
  EXPECT_EQ(summary.low, 42);
  EXPECT_EQ(summary.low_frames, 1);
  EXPECT_EQ(summary.worst.frame, 7);
  EXPECT_EQ(summary.worst.time, 1.5);
}

TEST(ScoreSeries, LowIsTheMeanOfTheWorstHundredthRoundedUp) {
  ScoreSeries series;
  // 250 frames, worst three: 1 at frame 200, 2 at 100, 3 at 50.
  for (int i = 0; i < 250; ++i) {
    series.Add(i * 0.04, i == 200 ? 1 : i == 100 ? 2 : i == 50 ? 3 : 40);
  }
  const ScoreSummary summary = series.Summarize();
  EXPECT_EQ(summary.low_frames, 3);
  EXPECT_DOUBLE_EQ(summary.low, 2);
  EXPECT_EQ(summary.worst.frame, 200);
  EXPECT_DOUBLE_EQ(summary.worst.time, 8);
  EXPECT_DOUBLE_EQ(summary.mean, (247 * 40 + 6) / 250.0);
}

TEST(ScoreSeries, ExactlyOneHundredFramesHaveOneLowFrame) {
  ScoreSeries series;
  for (int i = 0; i < 100; ++i) series.Add(i, i + 10);
  EXPECT_EQ(series.Summarize().low_frames, 1);
  EXPECT_EQ(series.Summarize().low, 10);
  series.Add(100, 9);
  EXPECT_EQ(series.Summarize().low_frames, 2);
  EXPECT_EQ(series.Summarize().low, 9.5);
}

TEST(ScoreSeries, TheFirstOfEqualFramesIsTheWorst) {
  ScoreSeries series;
  for (const double score : {5.0, 3.0, 3.0, 4.0}) series.Add(0, score);
  EXPECT_EQ(series.Summarize().worst.frame, 1);
}

}  // namespace
}  // namespace furl
