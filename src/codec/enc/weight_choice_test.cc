#include "codec/enc/weight_choice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace furl {
namespace {

using motion::Weights;

FramePtr Make(const std::function<double(int p, int x, int y)>& value) {
  FramePtr frame = Frame::Create(160, 112, 8).value();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        plane.row(y)[x] =
            static_cast<uint16_t>(std::lround(std::clamp(value(p, x, y), 0.0, 255.0)));
      }
    }
  }
  return frame;
}

double Scene(int p, double x, double y) {
  const double wave = std::sin(x * 0.05) + std::cos(y * 0.08 + x * 0.02);
  return p == 0 ? 120 + 40 * wave : 128 + 12 * wave;
}

TEST(WeightChoice, FollowsAFadeToBlack) {
  const FramePtr before = Make(Scene);
  const FramePtr after = Make([](int p, int x, int y) {
    const double black = p == 0 ? 16 : 128;
    return black + 0.5 * (Scene(p, x, y) - black);
  });
  const Weights weights = ChooseWeights(*after, *before);
  EXPECT_NEAR(weights.gain, Weights::kUnitGain / 2, 2);
  for (const int sample : {40, 120, 200}) {
    EXPECT_NEAR(motion::Weigh(weights, 0, 8, sample), 16 + 0.5 * (sample - 16), 3);
  }
  EXPECT_NEAR(motion::Weigh(weights, 1, 8, 140), 134, 1.5);
}

TEST(WeightChoice, FollowsAFlash) {
  const FramePtr before = Make(Scene);
  const FramePtr after =
      Make([](int p, int x, int y) { return Scene(p, x, y) + (p == 0 ? 30 : 0); });
  const Weights weights = ChooseWeights(*after, *before);
  EXPECT_NEAR(motion::Weigh(weights, 0, 8, 100), 130, 1);
  EXPECT_NEAR(motion::Weigh(weights, 2, 8, 100), 100, 1);
}

TEST(WeightChoice, LeavesMotionAlone) {
  const FramePtr before = Make(Scene);
  EXPECT_EQ(ChooseWeights(*before, *before), Weights());
  const FramePtr moved = Make([](int p, int x, int y) {
    const double step = p == 0 ? 9 : 4.5;
    return Scene(p, x + step, y);
  });
  EXPECT_EQ(ChooseWeights(*moved, *before), Weights());
}

}  // namespace
}  // namespace furl
