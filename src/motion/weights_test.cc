#include "motion/weights.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "motion/motion_test_util.h"

namespace furl::motion {
namespace {

TEST(Weights, SurviveTheRangeCoder) {
  for (const Weights& weights :
       {Weights{}, Weights{0, {-512, 511, 0}}, Weights{127, {1, -1, 3}}, Weights{64, {0, 0, -7}}}) {
    RangeEncoder encoder;
    Weights coded = weights;
    CodeWeights(encoder, &coded);
    EXPECT_EQ(coded, weights);
    const std::vector<uint8_t> bytes = encoder.Finish();
    RangeDecoder decoder(bytes);
    Weights back = {3, {1, 2, 3}};
    CodeWeights(decoder, &back);
    EXPECT_TRUE(decoder.Close().ok());
    EXPECT_EQ(back, weights);
  }
}

TEST(Weights, RoundToTheNearest) {
  for (const int depth : {8, 10}) {
    const double middle = 1 << (depth - 1);
    const double level = 1 << (depth - 8);
    for (const int gain : {0, 31, 64, 127}) {
      for (const int offset : {-512, -3, 0, 1, 511}) {
        const Weights weights = {gain, {offset, 0, 0}};
        for (int s = 0; s < 1 << depth; ++s) {
          const double exact = middle + (s - middle) * gain / 64 + offset / 4.0 * level;
          const double want = std::clamp(std::floor(exact + 0.5), 0.0, 2 * middle - 1);
          ASSERT_EQ(Weigh(weights, 0, depth, s), want) << depth << " " << gain << " " << offset;
        }
      }
    }
  }
}

TEST(Weights, WeighAWholePictureAndItsBorder) {
  Random random(5);
  const ConstFramePtr frame = NoiseFrame(50, 39, 10, random);
  EXPECT_EQ(WeighReference(frame, {}, nullptr).value(), frame);
  const Weights weights = {40, {10, -20, 30}};
  ThreadPool pool(3);
  const ConstFramePtr weighted = WeighReference(frame, weights, &pool).value();
  ASSERT_EQ(weighted->border(), frame->border());
  for (int p = 0; p < 3; ++p) {
    const ConstPlane from = frame->plane(p);
    const ConstPlane to = weighted->plane(p);
    const int border = frame->border() / (p == 0 ? 1 : 2);
    for (int y = -border; y < from.height + border; ++y) {
      for (int x = -border; x < from.width + border; ++x) {
        ASSERT_EQ(to.row(y)[x], Weigh(weights, p, 10, from.row(y)[x])) << p << ": " << x << y;
      }
    }
  }
}

}  // namespace
}  // namespace furl::motion
