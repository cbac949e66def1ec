#include "codec/enc/gop_cutter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace furl {
namespace {

FramePtr Scene(unsigned seed) {
  std::mt19937 random(seed);
  FramePtr frame = Frame::Create(64, 64, 8).value();
  const Plane luma = frame->plane(0);
  for (int y = 0; y < luma.height; y += 8) {
    for (int x = 0; x < luma.width; x += 8) {
      const auto shade = static_cast<uint16_t>(40 + random() % 140);
      for (int row = y; row < y + 8; ++row) std::fill_n(luma.row(row) + x, 8, shade);
    }
  }
  return frame;
}

struct Begins {
  std::vector<int> gops;
  std::vector<int> chunks;
};

// Of `count` pictures, with scene cuts before those.
Begins Cut(GopCutter* cutter, int count, const std::vector<int>& cuts) {
  Begins begins;
  FramePtr scene = Scene(0);
  for (int i = 0; i < count; ++i) {
    if (std::find(cuts.begin(), cuts.end(), i) != cuts.end()) {
      scene = Scene(static_cast<unsigned>(i));
    }
    const GopCutter::Place place = cutter->Next(*scene, {});
    if (place.begins_gop) begins.gops.push_back(i);
    if (place.begins_chunk) begins.chunks.push_back(i);
    EXPECT_TRUE(place.begins_gop || !place.begins_chunk);
  }
  return begins;
}

TEST(GopCutter, GopsEndAtCutsAndTheirLength) {
  GopCutter cutter(10);
  EXPECT_EQ(Cut(&cutter, 40, {13, 14}).gops, (std::vector<int>{0, 10, 13, 14, 24, 34}));
}

TEST(GopCutter, ChunksEndAtTheFirstCutAfterTheirLeastLength) {
  GopCutter cutter(20);
  EXPECT_EQ(Cut(&cutter, 600, {100, 249, 260, 509, 530}).chunks, (std::vector<int>{0, 260, 530}));
}

TEST(GopCutter, ChunksEndWithAGopWhereThereIsNoCut) {
  GopCutter cutter(70);
  EXPECT_EQ(Cut(&cutter, 4300, {}).chunks, (std::vector<int>{0, 2100, 4200}));
}

TEST(GopCutter, DoesWhatIsWished) {
  GopCutter cutter(10);
  const FramePtr one = Scene(1);
  const FramePtr other = Scene(2);
  EXPECT_TRUE(cutter.Next(*one, {.cuts = false}).begins_gop);
  EXPECT_FALSE(cutter.Next(*other, {.cuts = false}).begins_gop);
  EXPECT_TRUE(cutter.Next(*other, {.begin = true, .cuts = false}).begins_gop);
}

}  // namespace
}  // namespace furl
