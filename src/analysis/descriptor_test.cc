#include "analysis/descriptor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/look_weights.h"

namespace furl::analysis {
namespace {

// A picture of waves, `width` x `height` blocks.
Sketch Waves(int width, int height, double phase) {
  Sketch sketch;
  const auto fill = [&](int w, int h, double size, double middle, Field* field) {
    *field = Field(w, h);
    field->used_width = w;
    field->used_height = h;
    for (int y = 0; y < h; ++y) {
      for (int x = 0; x < w; ++x) {
        const double u = (x + 0.5) / w;
        const double v = (y + 0.5) / h;
        field->At(x, y) = static_cast<float>(middle + size * std::sin(5 * u + phase) *
                                                          std::cos(3 * v + 2 * phase + u));
      }
    }
  };
  fill(2 * width, 2 * height, 60, 120, &sketch.planes[0]);
  fill(width, height, 20, 128, &sketch.planes[1]);
  fill(width, height, 10, 120, &sketch.planes[2]);
  fill(width, height, 4, 8, &sketch.detail);
  return sketch;
}

Sketch Mirrored(Sketch sketch) {
  for (Field* field : {&sketch.planes[0], &sketch.planes[1], &sketch.planes[2], &sketch.detail}) {
    for (int y = 0; y < field->height; ++y) {
      const auto row = field->values.begin() + static_cast<ptrdiff_t>(y) * field->width;
      std::reverse(row, row + field->width);
    }
  }
  return sketch;
}

// Moves by (x, y) quarter samples in its right half.
std::shared_ptr<motion::MotionField> Moving(int x, int y, bool left) {
  auto field = motion::MotionField::Create(128, 64).value();
  motion::BlockMotion block;
  block.size_log2 = 6;
  block.mv[0] = {static_cast<int16_t>(x), static_cast<int16_t>(y)};
  field->SetBlock(left ? 0 : 8, 0, block);
  return field;
}

TEST(Descriptor, SizeBrightnessAndContrastDoNotCount) {
  const Look look = LookOf(Waves(40, 22, 0.3), {});
  EXPECT_GT(Similarity(look, LookOf(Waves(25, 15, 0.3), {})), 0.99);
  Sketch paler = Waves(40, 22, 0.3);
  for (float& v : paler.planes[0].values) v = 0.6f * v + 50;
  EXPECT_GT(Similarity(look, LookOf(paler, {})), 0.999);
  EXPECT_LT(Similarity(look, LookOf(Waves(40, 22, 2.0), {})), 0.7);
}

TEST(Descriptor, AMirrorTurnsTheSecondHalf) {
  MotionTally motion;
  MotionTally in_mirror;
  motion.Add(*Moving(60, 12, /*left=*/true), 25);
  in_mirror.Add(*Moving(-60, 12, /*left=*/false), 25);
  const Look look = LookOf(Waves(40, 22, 0.7), motion);
  const Look mirrored = LookOf(Mirrored(Waves(40, 22, 0.7)), in_mirror);
  double second = 0;
  for (int i = 0; i < kLookSize; ++i) {
    EXPECT_NEAR(mirrored[i], i < kEvenSize ? look[i] : -look[i], 1e-4) << i;
    if (i >= kEvenSize) second += std::abs(look[i]);
  }
  EXPECT_GT(second, 0.5);
}

TEST(Descriptor, MotionIsOfContentInWidthsPerSecond) {
  MotionTally tally;
  EXPECT_EQ(tally.Mean()[0].speed, 0);
  // From the block 64 quarter samples to the left: content moved right by an eighth of the width.
  tally.Add(*Moving(-64, 0, /*left=*/false), 25);
  const auto mean = tally.Mean();
  EXPECT_NEAR(mean[1].x, 25 * 16.0 / 128, 1e-9);
  EXPECT_NEAR(mean[3].x, 25 * 16.0 / 128, 1e-9);
  EXPECT_EQ(mean[0].x, 0);
  EXPECT_EQ(mean[1].y, 0);
}

TEST(Descriptor, NumbersCountAsTheyShould) {
  Look look;
  look.fill(0.1f);
  const Vector vector = VectorOf(look);
  const double unit = vector[0] / kLookWeights[0];
  for (int i = 0; i < kLookSize; ++i) {
    EXPECT_NEAR(vector[i], std::min(127.0, unit * kLookWeights[i]), 0.5 + kLookWeights[i]) << i;
  }
  for (const float weight : kLookWeights) {
    EXPECT_GT(weight, 0.1f);
    EXPECT_LT(weight, 10.0f);
  }
}

TEST(Descriptor, ABlackPictureHasALook) {
  Sketch black = Waves(3, 2, 0);
  for (Field& plane : black.planes) std::fill(plane.values.begin(), plane.values.end(), 16.0f);
  std::fill(black.detail.values.begin(), black.detail.values.end(), 0.0f);
  const Look look = LookOf(black, {});
  for (const float v : look) EXPECT_TRUE(std::isfinite(v));
  EXPECT_EQ(VectorOf(Look{}), Vector{});
}

}  // namespace
}  // namespace furl::analysis
