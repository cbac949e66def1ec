#include "analysis/detect/static_change.h"

#include <gtest/gtest.h>

namespace furl::analysis {
namespace {

// A picture of 32x24 cells with a thing of another brightness in it.
Sketch SketchWith(float background, const Box& thing = {}, float brightness = 0) {
  Sketch sketch;
  sketch.planes[0] = Field(32, 24);
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 32; ++x) {
      const bool inside = x >= thing.left && x < thing.right && y >= thing.top && y < thing.bottom;
      sketch.planes[0].At(x, y) = inside ? brightness : background;
    }
  }
  return sketch;
}

const Box kBag = {10, 12, 14, 15};

TEST(StaticChange, WhatIsLeftIsToldOnce) {
  StaticChange change({});
  int told = 0;
  for (int time = 0; time < 60; time += 2) {
    const auto things = change.Add(time, time < 10 ? SketchWith(100) : SketchWith(100, kBag, 30));
    for (const auto& thing : things) {
      ++told;
      EXPECT_TRUE(thing.left);
      EXPECT_DOUBLE_EQ(thing.since, 10);
      EXPECT_EQ(time, 20);
      EXPECT_EQ(thing.box, (Box{80, 96, 112, 120}));
    }
  }
  EXPECT_EQ(told, 1);
}

TEST(StaticChange, WhatIsTakenAwayWasThereBefore) {
  StaticChange change({});
  int told = 0;
  for (int time = 0; time < 60; time += 2) {
    const auto things = change.Add(time, time < 10 ? SketchWith(100, kBag, 30) : SketchWith(100));
    for (const auto& thing : things) {
      ++told;
      EXPECT_FALSE(thing.left);
    }
  }
  EXPECT_EQ(told, 1);
}

TEST(StaticChange, WhatMovesOrFlickersIsNothing) {
  StaticChange change({});
  for (int time = 0; time < 60; time += 2) {
    const double x = time / 2 % 24;
    EXPECT_TRUE(change.Add(time, SketchWith(100, {x, 4, x + 3, 9}, 30)).empty()) << time;
    const float light = time % 4 == 0 ? 30 : 200;
    EXPECT_TRUE(StaticChange({}).Add(time, SketchWith(100, kBag, light)).empty());
  }
}

TEST(StaticChange, MoreLightIsNothing) {
  StaticChange change({});
  for (int time = 0; time < 60; time += 2) {
    EXPECT_TRUE(change.Add(time, SketchWith(time < 20 ? 100 : 160)).empty());
  }
}

TEST(StaticChange, SmallThingsAndHalfThePictureAreNothing) {
  for (const Box& box : {Box{3, 3, 5, 5}, Box{0, 0, 15, 24}}) {
    StaticChange change({});
    for (int time = 0; time < 60; time += 2) {
      EXPECT_TRUE(change.Add(time, time < 10 ? SketchWith(100) : SketchWith(100, box, 30)).empty());
    }
  }
}

}  // namespace
}  // namespace furl::analysis
