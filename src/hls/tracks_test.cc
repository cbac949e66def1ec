#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "hls/segment_grid.h"
#include "hls/text_track.h"

namespace furl::hls {
namespace {

TEST(SegmentCutter, CutsAtTheFirstKeyFrameOfACell) {
  SegmentCutter cutter({0, 2}, {1, 10});
  EXPECT_TRUE(cutter.Begins(0, true));
  EXPECT_FALSE(cutter.Begins(10, true));   // a scene cut
  EXPECT_FALSE(cutter.Begins(20, false));  // waits for a key frame
  EXPECT_TRUE(cutter.Begins(22, true));
  EXPECT_DOUBLE_EQ(cutter.ended().seconds, 2.2);
  EXPECT_TRUE(cutter.Begins(95, true));  // over empty cells
  EXPECT_DOUBLE_EQ(cutter.ended().seconds, 7.3);
  EXPECT_DOUBLE_EQ(cutter.Open(100).seconds, 0.5);
}

TEST(SegmentGrid, RoundedTimesAreInTheirCell) {
  const SegmentGrid grid = {0.007, 2};
  EXPECT_EQ(grid.CellOf(0, {1, 1000}), 0);
  EXPECT_EQ(grid.CellOf(2006, {1, 1000}), 0);
  EXPECT_EQ(grid.CellOf(2007, {1, 1000}), 1);
  EXPECT_EQ(grid.CellOf(60060, {1, 15000}), 1);  // 4.004 s
}

TEST(TextTrack, WhatIsShownLongerComesAgain) {
  std::vector<std::string> segments;
  std::vector<double> lengths;
  TextTrack track(0.5, [&](std::span<const uint8_t> bytes, const SegmentTime& time) {
    segments.emplace_back(bytes.begin(), bytes.end());
    lengths.push_back(time.seconds);
    return OkStatus();
  });
  track.Add(1, 2.5, "one\n\ntwo\n");
  track.Add(3, 3.5, "three --> four");
  track.Add(4, 4, "never");
  ASSERT_TRUE(track.Cut(2).ok());
  ASSERT_TRUE(track.Cut(5).ok());
  const std::string head = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n";
  const std::string first = "\n00:00:01.000 --> 00:00:02.500\none\ntwo\n";
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[0], head + first);
  EXPECT_EQ(segments[1], head + first + "\n00:00:03.000 --> 00:00:03.500\nthree --&gt; four\n");
  EXPECT_EQ(lengths, (std::vector<double>{1.5, 3}));
}

TEST(TextTrack, Times) { EXPECT_EQ(CueTime(3723.0456), "01:02:03.046"); }

}  // namespace
}  // namespace furl::hls
