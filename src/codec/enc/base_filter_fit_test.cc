#include "codec/enc/base_filter_fit.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/enc/frame_price.h"

namespace furl {
namespace {

constexpr int kWidth = 96;
constexpr int kHeight = 80;

VideoFormat Format() {
  VideoFormat format;
  format.width = kWidth;
  format.height = kHeight;
  return format;
}

// Stripes, and what a blur along rows makes of them, with some noise.
struct Pair {
  FramePtr original;
  FramePtr base;
};
Pair Blurred(int phase) {
  std::mt19937 random(static_cast<unsigned>(phase));
  Pair pair = {Frame::Create(kWidth, kHeight, 8, 16).value(),
               Frame::Create(kWidth, kHeight, 8).value()};
  for (int p = 0; p < 3; ++p) {
    const Plane to = pair.original->plane(p);
    for (int y = 0; y < to.height; ++y) {
      for (int x = 0; x < to.width; ++x) {
        const bool light = (x + y / 3 + phase) / 5 % 2 == 0;
        to.row(y)[x] = static_cast<uint16_t>((light ? 160 : 90) + random() % 4);
      }
    }
  }
  pair.original->ExtendBorder();
  for (int p = 0; p < 3; ++p) {
    const ConstPlane from = std::as_const(*pair.original).plane(p);
    const Plane to = pair.base->plane(p);
    for (int y = 0; y < to.height; ++y) {
      const uint16_t* row = from.row(y);
      for (int x = 0; x < to.width; ++x) {
        to.row(y)[x] = static_cast<uint16_t>((row[x - 1] + 2 * row[x] + row[x + 1] + 2) >> 2);
      }
    }
  }
  return pair;
}

TEST(BaseFilterFit, TakesABlurBack) {
  BaseFilterFit fit(Format());
  double before = 0;
  for (int i = 0; i < 6; ++i) {
    const Pair pair = Blurred(i);
    ASSERT_TRUE(fit.Add(*pair.original, *pair.base, nullptr).ok());
    before += WeightedError(*pair.original, *pair.base);
  }
  const FittedBaseFilter fitted = fit.Fit(1);
  EXPECT_TRUE(fitted.data.luma.used);
  EXPECT_TRUE(fitted.data.chroma.used);
  const BaseFilterPtr filter = BaseFilter::Create(fitted.data).value();
  double after = 0;
  for (int i = 0; i < 6; ++i) {
    const Pair pair = Blurred(i);
    const auto shown = filter->Apply(*pair.base, Format(), nullptr, nullptr).value();
    after += WeightedError(*pair.original, *shown);
  }
  EXPECT_LT(after, before / 2);
  // What it promises is what comes out, but for rounding to whole levels.
  EXPECT_NEAR(fitted.error, after, before / 50);
}

TEST(BaseFilterFit, DoesNothingWhereThatDoesNotPay) {
  BaseFilterFit fit(Format());
  const Pair pair = Blurred(0);
  ASSERT_TRUE(fit.Add(*pair.original, *pair.base, nullptr).ok());
  const FittedBaseFilter fitted = fit.Fit(1e9);
  EXPECT_FALSE(fitted.data.luma.used);
  EXPECT_FALSE(fitted.data.chroma.used);
  EXPECT_NEAR(fitted.error, WeightedError(*pair.original, *pair.base), 1e-3 * fitted.error);
}

TEST(BaseFilterFit, SendsFewerBitsWhereTheyCostMore) {
  BaseFilterFit fit(Format());
  const Pair pair = Blurred(0);
  ASSERT_TRUE(fit.Add(*pair.original, *pair.base, nullptr).ok());
  const auto bytes = [&](double price) {
    RangeEncoder coder;
    CodeBaseFilter(coder, fit.Fit(price).data);
    return coder.Finish().size();
  };
  EXPECT_GT(bytes(1), bytes(100));
  EXPECT_GT(bytes(100), bytes(1e9));
}

}  // namespace
}  // namespace furl
