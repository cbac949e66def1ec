#include "codec/latents/encode/offset_choice.h"

#include <gtest/gtest.h>

#include "codec/latents/latents_test_util.h"
#include "filter/loop_filter.h"
#include "image/coding_scales.h"

namespace furl::latents {
namespace {

double MeanOf(const ConstPlane& plane) {
  double sum = 0;
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) sum += plane.row(y)[x];
  }
  return sum / plane.width / plane.height;
}

// A picture that is off by 2, -1.5 and 0 levels of 8 bits.
TEST(OffsetChoice, BringMeansBack) {
  const FramePtr original = MakeFrame(8, 0, 100, 3);
  const FramePtr decoded = MakeFrame(kSampleBits, filter::kFilterBorder, 0, 3);
  constexpr int kCast[3] = {32, -24, 0};
  for (int p = 0; p < 3; ++p) {
    const Plane plane = decoded->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        plane.row(y)[x] = static_cast<uint16_t>(original->plane(p).row(y)[x] * 16 + kCast[p]);
      }
    }
  }
  decoded->ExtendBorder();
  const FramePtr scratch = MakeFrame(kSampleBits, filter::kFilterBorder, 0, 4);
  const FramePtr shown = MakeFrame(8, 0, 0, 5);
  FilterStep step;
  const PlaneOffsets offsets = FilterWithOffsets(nullptr, FrameTask(), *original, {}, &step,
                                                 *decoded, scratch.get(), shown.get());
  EXPECT_EQ(offsets[2], 0);
  for (int p = 0; p < 3; ++p) {
    EXPECT_NEAR(MeanOf(shown->plane(p)), MeanOf(original->plane(p)), 1.0 / 16) << p;
  }
}

}  // namespace
}  // namespace furl::latents
