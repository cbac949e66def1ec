#include "codec/common/quality_scale.h"

#include <gtest/gtest.h>

#include "codec/common/gop.h"
#include "image/coding_scales.h"

namespace furl {
namespace {

constexpr int kLongGop = 50;

TEST(QualityScale, RisesEvenlyOverAllQps) {
  const double step = BaseQp(1, kLongGop, false) - BaseQp(0, kLongGop, false);
  for (double crf = 0; crf < kMaxCrf; crf += 0.25) {
    EXPECT_NEAR(BaseQp(crf + 0.25, kLongGop, false) - BaseQp(crf, kLongGop, false), step / 4, 1e-9);
    for (const int gop_length : {1, 4, 1000}) {
      EXPECT_GT(BaseQp(crf + 0.25, gop_length, false), BaseQp(crf, gop_length, false));
    }
    EXPECT_GT(BaseQp(crf + 0.25, kLongGop, true), BaseQp(crf, kLongGop, true));
  }
  EXPECT_LT(BaseQp(kMinCrf, kLongGop, false), kMinQp);
  EXPECT_GT(BaseQp(kMaxCrf, kLongGop, false) + 12, kMaxQp - 2);
}

TEST(QualityScale, KeyFramesAloneGetWhatLongGopsGiveTheirs) {
  EXPECT_EQ(BaseQp(40, 1000, false), BaseQp(40, kLongGop, false));
  EXPECT_LT(BaseQp(40, 16, false), BaseQp(40, kLongGop, false));
  EXPECT_LT(BaseQp(40, 1, false), BaseQp(40, 16, false));
  EXPECT_EQ(BaseQp(5, 1, false), BaseQp(5, kLongGop, false)) << "no frame owes much there";
  EXPECT_GT(BaseQp(40, kLongGop, true), BaseQp(40, kLongGop, false));
}

}  // namespace
}  // namespace furl
