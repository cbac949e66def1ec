#include "watch/motion_meter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace furl::watch {
namespace {

constexpr int kWidth = 320;
constexpr int kHeight = 180;
constexpr size_t kSamples = size_t{1} << 16;
constexpr double kStep = 0.1;  // seconds from picture to picture

// A textured scene under noise, whose light and content can be changed.
class Scene {
 public:
  explicit Scene(double noise) : samples_(kSamples) {
    std::normal_distribution<float> distribution(0, static_cast<float>(noise));
    if (noise > 0) {
      for (float& sample : samples_) sample = distribution(random_);
    }
  }

  // With a box of that brightness at (x, y), if it has a size.
  FramePtr Picture(int x = 0, int y = 0, int size = 0, int level = 200, int light = 0) {
    const FramePtr frame = Frame::Create(kWidth, kHeight, 8).value();
    for (int row = 0; row < kHeight; ++row) {
      for (int col = 0; col < kWidth; ++col) {
        const bool box = col >= x && col < x + size && row >= y && row < y + size;
        const int scene = 60 + (col / 8 * 13 + row / 8 * 29) % 90 + light;
        const float sample = static_cast<float>(box ? level : scene) + Noise();
        frame->plane(0).row(row)[col] = static_cast<uint16_t>(std::clamp(sample, 0.0F, 255.0F));
      }
    }
    return frame;
  }

 private:
  // Of a table, which is much faster.
  float Noise() {
    state_ = state_ * 1664525 + 1013904223;
    return samples_[state_ >> 16];
  }

  std::mt19937 random_{5};
  std::vector<float> samples_;
  uint32_t state_ = 1;
};

// Shows a scene without motion for so long; the highest value that gave.
double Rest(Scene* scene, MotionMeter* meter, double from, double seconds) {
  double highest = 0;
  for (double t = from; t < from + seconds; t += kStep) {
    highest = std::max(highest, meter->Measure(*scene->Picture(), t).value);
  }
  return highest;
}

TEST(MotionMeter, NoiseIsNoMotion) {
  for (const double noise : {0.0, 3.0, 12.0}) {
    Scene scene(noise);
    MotionMeter meter({}, 50);
    EXPECT_LT(Rest(&scene, &meter, 0, 8), 0.5) << noise;
  }
}

TEST(MotionMeter, WhatEntersIsSeenAtOnceAndGoesAgain) {
  Scene scene(3);
  MotionMeter meter({}, 50);
  Rest(&scene, &meter, 0, 5);
  for (int i = 0; i < 10; ++i) {
    const Motion motion = meter.Measure(*scene.Picture(20 + 10 * i, 60, 30), 5 + kStep * i);
    EXPECT_GT(motion.value, 1) << i;
    EXPECT_EQ(motion.moving, std::vector<size_t>{0});
  }
  EXPECT_LT(Rest(&scene, &meter, 6, 0.2), 0.5) << "nothing stays behind";
}

TEST(MotionMeter, LightIsNoMotion) {
  Scene scene(3);
  MotionMeter meter({}, 50);
  Rest(&scene, &meter, 0, 3);
  double highest = 0;
  for (int i = 0; i < 40; ++i) {  // dusk in four seconds
    highest = std::max(highest, meter.Measure(*scene.Picture(0, 0, 0, 0, -i), 3 + kStep * i).value);
  }
  EXPECT_LT(highest, 0.5);
}

TEST(MotionMeter, AnotherSceneIsNoMotion) {
  Scene scene(3);
  MotionMeter meter({}, 50);
  Rest(&scene, &meter, 0, 3);
  const FramePtr other = scene.Picture(0, 0, kHeight * 2, 250);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) other->plane(0).row(y)[x] = x % 64 < 32 ? 20 : 240;
  }
  const Motion motion = meter.Measure(*other, 3);
  EXPECT_TRUE(motion.changed);
  EXPECT_EQ(motion.value, 0);
  EXPECT_EQ(meter.Measure(*other, 3.1).value, 0) << "it is the background now";
}

TEST(MotionMeter, WhatStaysBecomesBackground) {
  Scene scene(2);
  MotionMeter meter({}, 50);
  Rest(&scene, &meter, 0, 3);
  double value = 0;
  for (double t = 3; t < 20; t += kStep) {
    value = meter.Measure(*scene.Picture(40, 40, 40), t).value;
    EXPECT_TRUE(t > 10 || value > 1) << t;
  }
  EXPECT_LT(value, 0.5);
}

TEST(MotionMeter, ZonesSayWhereItCounts) {
  const Polygon left = {{0, 0}, {0.5, 0}, {0.5, 1}, {0, 1}};
  const Polygon right = {{0.5, 0}, {1, 0}, {1, 1}, {0.5, 1}};
  const Polygon top = {{0, 0}, {1, 0}, {1, 0.4}, {0, 0.4}};
  Zones zones;
  zones.zones = {{"left", ZoneUse::kMotion, left},
                 {"right", ZoneUse::kMotion, right},
                 {"trees", ZoneUse::kIgnore, top}};
  Scene scene(2);
  MotionMeter meter(zones, 50);
  EXPECT_EQ(meter.zones(), (std::vector<std::string>{"left", "right"}));
  Rest(&scene, &meter, 0, 3);
  EXPECT_EQ(meter.Measure(*scene.Picture(220, 120, 30), 3).moving, std::vector<size_t>{1});
  EXPECT_EQ(meter.Measure(*scene.Picture(20, 120, 30), 3.1).moving, std::vector<size_t>{0});
  EXPECT_LT(meter.Measure(*scene.Picture(20, 20, 30), 3.2).value, 0.5) << "among the trees";
}

TEST(MotionMeter, SensitivityIsAreaAndContrast) {
  Scene scene(1);
  MotionMeter low({}, 10);
  MotionMeter high({}, 90);
  Rest(&scene, &low, 0, 3);
  Rest(&scene, &high, 0, 3);
  const FramePtr small = scene.Picture(100, 100, 12);
  EXPECT_LT(low.Measure(*small, 3).value, 1);
  EXPECT_GT(high.Measure(*small, 3).value, 1);
}

TEST(MotionMeter, AnotherSizeBeginsAnew) {
  MotionMeter meter({}, 50);
  EXPECT_EQ(meter.Measure(*Frame::Create(64, 48, 10).value(), 0).value, 0);
  EXPECT_EQ(meter.Measure(*Frame::Create(17, 33, 8).value(), 1).value, 0);
  EXPECT_EQ(meter.Measure(*Frame::Create(17, 33, 8).value(), 2).value, 0);
}

}  // namespace
}  // namespace furl::watch
