#include "session/samples/scene_samples.h"

#include <gtest/gtest.h>

namespace furl::session {
namespace {

TEST(SceneSamplesTest, EvenlySpread) {
  // Ten minutes of 25 fps: ten samples of 2 s, in the middle of their minutes.
  const auto starts = PlaceSamples({15000, 600}, {0, 2, 50});
  ASSERT_EQ(starts.size(), 10u);
  for (size_t i = 0; i < starts.size(); ++i) EXPECT_NEAR(starts[i], 60.0 * i + 29, 1e-9);
  EXPECT_EQ(DefaultSamples(30), 5);
  EXPECT_EQ(DefaultSamples(8000), 20);
}

TEST(SceneSamplesTest, ShortVideosAreTakenWhole) {
  EXPECT_EQ(PlaceSamples({500, 20}, {0, 2, 50}).size(), 5u);  // 250 of 500 frames
  EXPECT_TRUE(PlaceSamples({499, 20}, {0, 2, 50}).empty());
  EXPECT_TRUE(PlaceSamples({1, 0.04}, {1, 2, 50}).empty());
  EXPECT_EQ(PlaceSamples({499, 20}, {4, 2, 50}).size(), 4u);
}

TEST(SceneSamplesTest, LongerGopsMakeLongerSamples) {
  // A GOP of ten seconds: five of them don't fit in 80 s twice.
  EXPECT_TRUE(PlaceSamples({2000, 80}, {5, 2, 250}).empty());
  const auto starts = PlaceSamples({3000, 120}, {5, 2, 250});
  ASSERT_EQ(starts.size(), 5u);
  EXPECT_NEAR(starts[0], 12 - 5, 1e-9);
}

// Feeds frames until the run is complete; `cuts` are frame numbers.
GopRun Filled(int64_t gop, int64_t wanted, const std::vector<int64_t>& cuts, int64_t frames) {
  GopRun run(gop, wanted);
  for (int64_t i = 0; i < frames; ++i) {
    bool cut = false;
    for (const int64_t c : cuts) cut |= c == i;
    if (!run.Add(cut)) break;
  }
  return run;
}

TEST(SceneSamplesTest, WithoutCutsARunBeginsAtOnce) {
  const GopRun run = Filled(50, 100, {}, 1000);
  EXPECT_EQ(run.begin(), 0);
  EXPECT_EQ(run.size(), 100);
}

TEST(SceneSamplesTest, RunsBeginAtACutAndEndWithAGop) {
  const GopRun at_cut = Filled(50, 50, {7}, 1000);
  EXPECT_EQ(at_cut.begin(), 7);
  EXPECT_EQ(at_cut.size(), 50);
  // The second cut shortens a GOP; the run goes on to the end of the next one.
  const GopRun cut_again = Filled(50, 50, {7, 40}, 1000);
  EXPECT_EQ(cut_again.begin(), 7);
  EXPECT_EQ(cut_again.size(), 83);
  // A cut later than a GOP's length is not waited for.
  const GopRun late = Filled(50, 50, {60}, 1000);
  EXPECT_EQ(late.begin(), 0);
  EXPECT_EQ(late.size(), 50);
}

TEST(SceneSamplesTest, TheEndOfTheVideoEndsARun) {
  const GopRun cut = Filled(50, 50, {30}, 45);
  EXPECT_EQ(cut.begin(), 30);
  EXPECT_EQ(cut.size(), 15);
  const GopRun plain = Filled(50, 50, {}, 20);
  EXPECT_EQ(plain.begin(), 0);
  EXPECT_EQ(plain.size(), 20);
}

TEST(SceneSamplesTest, ReaderKeepsTheEndOfTheRange) {
  media::ReaderOptions options;
  options.start = 10;
  options.frames = 500;
  const auto sample = SampleReader(options, {4, 0, 50}, {500, 20});
  EXPECT_DOUBLE_EQ(sample.start, 14);
  EXPECT_DOUBLE_EQ(sample.duration, 16);
  EXPECT_EQ(sample.frames, 0);
  const auto whole = SampleReader(options, {0, 0, INT64_MAX}, {500, 20});
  EXPECT_DOUBLE_EQ(whole.start, 10);
  EXPECT_EQ(whole.frames, 500);
  EXPECT_DOUBLE_EQ(whole.duration, 0);
}

}  // namespace
}  // namespace furl::session
