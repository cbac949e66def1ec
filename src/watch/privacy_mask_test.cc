#include "watch/privacy_mask.h"

#include <gtest/gtest.h>

#include <random>

namespace furl::watch {
namespace {

FramePtr Noise(int width, int height, int depth, uint32_t seed) {
  const FramePtr frame = Frame::Create(width, height, depth).value();
  std::mt19937 random(seed);
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) plane.row(y)[x] = random() >> (32 - depth);
    }
  }
  frame->pts = 7;
  return frame;
}

Zones Window() {
  Zones zones;
  zones.zones = {{"window", ZoneUse::kMask, {{0.3, 0.2}, {0.7, 0.3}, {0.6, 0.8}}},
                 {"drive", ZoneUse::kMotion, {{0, 0.9}, {1, 0.9}, {1, 1}}}};
  return zones;
}

// Every sample whose place lies under the mask is the same whatever the picture was; chroma
// samples stand for two by two places.
TEST(PrivacyMask, LeavesNothingOfWhatIsUnderIt) {
  for (const auto& [width, height, depth] : {std::tuple{97, 61, 8}, std::tuple{64, 48, 10}}) {
    PrivacyMask mask(Window());
    const auto a = mask.Apply(Noise(width, height, depth, 1)).value();
    const auto b = mask.Apply(Noise(width, height, depth, 2)).value();
    const Polygon polygon = Window().zones[0].polygon;
    int under = 0;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (const double part : {0.01, 0.5, 0.99}) {
          if (!IsInside(polygon, {(x + part) / width, (y + part) / height})) continue;
          ++under;
          EXPECT_EQ(a->plane(0).row(y)[x], b->plane(0).row(y)[x]);
          EXPECT_EQ(a->plane(0).row(y)[x], 64 << (depth - 8));
          for (int p = 1; p < 3; ++p) {
            EXPECT_EQ(a->plane(p).row(y / 2)[x / 2], 128 << (depth - 8));
          }
        }
      }
    }
    EXPECT_GT(under, width * height / 10);
  }
}

TEST(PrivacyMask, LeavesTheRestAsItIs) {
  PrivacyMask mask(Window());
  const FramePtr original = Noise(64, 48, 8, 1);
  const auto masked = mask.Apply(original).value();
  EXPECT_EQ(masked->pts, 7);
  EXPECT_NE(masked, original);
  EXPECT_EQ(masked->plane(0).row(0)[0], original->plane(0).row(0)[0]);
  EXPECT_EQ(masked->plane(0).row(47)[63], original->plane(0).row(47)[63]);
  int changed = 0;
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      changed += masked->plane(0).row(y)[x] != original->plane(0).row(y)[x];
    }
  }
  const double area = AreaOf(Window().zones[0].polygon) * 64 * 48;
  EXPECT_LT(changed, 1.5 * area);
}

TEST(PrivacyMask, WithoutZonesIsNone) {
  PrivacyMask mask({});
  const FramePtr original = Noise(32, 32, 8, 1);
  EXPECT_EQ(mask.Apply(original).value(), original);
}

}  // namespace
}  // namespace furl::watch
