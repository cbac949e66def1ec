#include "metrics/artifacts.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace furl {
namespace {

FramePtr Flat(int bit_depth, uint16_t y, uint16_t u, uint16_t v) {
  FramePtr frame = Frame::Create(40, 34, bit_depth).value();
  const uint16_t values[3] = {y, u, v};
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int r = 0; r < plane.height; ++r) std::fill_n(plane.row(r), plane.width, values[p]);
  }
  return frame;
}

TEST(Artifacts, CastsAndFlickerOfFlatFrames) {
  const FramePtr original = Flat(8, 100, 128, 128);
  ArtifactMeter meter;
  meter.Add(*original, *Flat(8, 101, 128, 126));
  meter.Add(*original, *Flat(8, 102, 128, 129));
  meter.Add(*original, *Flat(8, 101, 128, 128));
  EXPECT_DOUBLE_EQ(meter.planes()[0].cast, 2);
  EXPECT_EQ(meter.planes()[0].cast_frame, 1);
  EXPECT_DOUBLE_EQ(meter.planes()[0].flicker, 1);
  EXPECT_EQ(meter.planes()[0].flicker_frame, 1);  // the first of equals
  EXPECT_DOUBLE_EQ(meter.planes()[1].cast, 0);
  EXPECT_DOUBLE_EQ(meter.planes()[1].flicker, 0);
  EXPECT_DOUBLE_EQ(meter.planes()[2].cast, -2);
  EXPECT_DOUBLE_EQ(meter.planes()[2].flicker, 3);
  EXPECT_DOUBLE_EQ(meter.worst_block().error, 2);
}

TEST(Artifacts, LevelsAreOfEightBits) {
  ArtifactMeter meter;
  meter.Add(*Flat(10, 400, 512, 512), *Flat(10, 402, 512, 508));
  EXPECT_DOUBLE_EQ(meter.planes()[0].cast, 0.5);
  EXPECT_DOUBLE_EQ(meter.planes()[2].cast, -1);
  EXPECT_DOUBLE_EQ(meter.worst_block().error, 1);
}

// The last blocks of 40x34 are 8 columns wide and 2 rows high.
TEST(Artifacts, FindsTheWorstBlockOnEveryNumberOfThreads) {
  const FramePtr original = Flat(8, 100, 128, 128);
  const FramePtr decoded = Flat(8, 100, 128, 128);
  decoded->plane(0).row(20)[17] = 228;  // 128 / 256 levels in a whole block
  decoded->plane(0).row(33)[39] = 92;   // 8 / 16 in the corner: level with it, and later
  for (const int threads : {1, 4}) {
    ThreadPool pool(threads);
    ArtifactMeter meter;
    meter.Add(*original, *original, &pool);
    meter.Add(*original, *decoded, &pool);
    EXPECT_DOUBLE_EQ(meter.worst_block().error, 0.5);
    EXPECT_EQ(meter.worst_block().plane, 0);
    EXPECT_EQ(meter.worst_block().x, 16);
    EXPECT_EQ(meter.worst_block().y, 16);
    EXPECT_EQ(meter.worst_block().frame, 1);
    EXPECT_DOUBLE_EQ(meter.planes()[0].cast, 120.0 / (40 * 34));
  }
  ArtifactMeter corner;
  decoded->plane(0).row(33)[39] = 80;
  corner.Add(*original, *decoded);
  EXPECT_DOUBLE_EQ(corner.worst_block().error, 1.25);
  EXPECT_EQ(corner.worst_block().x, 32);
  EXPECT_EQ(corner.worst_block().y, 32);
}

}  // namespace
}  // namespace furl
