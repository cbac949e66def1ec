#include "codec/enc/scene_cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace furl {
namespace {

// Patches of random shades, all of them `gain` percent of what they are, and `offset` more.
FramePtr Scene(unsigned seed, int gain = 100, int offset = 0) {
  std::mt19937 random(seed);
  int shade[16][12];
  for (auto& column : shade) {
    for (int& s : column) s = 40 + static_cast<int>(random() % 140);
  }
  FramePtr frame = Frame::Create(320, 240, 8).value();
  const Plane luma = frame->plane(0);
  for (int y = 0; y < luma.height; ++y) {
    for (int x = 0; x < luma.width; ++x) {
      const int value = shade[x / 20][y / 20] * gain / 100 + offset;
      luma.row(y)[x] = static_cast<uint16_t>(std::clamp(value, 0, 255));
    }
  }
  return frame;
}

TEST(SceneCut, IsAnotherScene) {
  SceneCutDetector detector;
  EXPECT_FALSE(detector.IsCut(*Scene(1)));
  EXPECT_FALSE(detector.IsCut(*Scene(1)));
  EXPECT_TRUE(detector.IsCut(*Scene(2)));
  EXPECT_TRUE(detector.IsCut(*Scene(1, 60)));
}

TEST(SceneCut, IsNoFlashAndNoFade) {
  SceneCutDetector detector;
  EXPECT_FALSE(detector.IsCut(*Scene(1)));
  EXPECT_FALSE(detector.IsCut(*Scene(1, 100, 70)));
  EXPECT_FALSE(detector.IsCut(*Scene(1)));
  EXPECT_FALSE(detector.IsCut(*Scene(1, 60)));
  EXPECT_FALSE(detector.IsCut(*Scene(1, 30)));
}

}  // namespace
}  // namespace furl
