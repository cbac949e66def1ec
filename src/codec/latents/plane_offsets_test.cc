#include "codec/latents/plane_offsets.h"

#include <gtest/gtest.h>

#include "codec/latents/latents_test_util.h"
#include "filter/loop_filter.h"
#include "image/coding_scales.h"

namespace furl::latents {
namespace {

TEST(PlaneOffsets, SurviveTheRangeCoder) {
  std::vector<PlaneOffsets> all = {{0, 0, 0}, {1, -1, 0}, {0, 0, 255}, {-255, 128, -127}};
  for (int i = -kMaxPlaneOffset; i <= kMaxPlaneOffset; ++i) all.push_back({i, 0, -i});
  RangeEncoder encoder;
  for (PlaneOffsets offsets : all) CodePlaneOffsets(encoder, &offsets);
  const std::vector<uint8_t> bytes = encoder.Finish();
  RangeDecoder decoder(bytes);
  for (const PlaneOffsets& wanted : all) {
    PlaneOffsets offsets = {7, 7, 7};
    CodePlaneOffsets(decoder, &offsets);
    EXPECT_EQ(offsets, wanted);
  }
  EXPECT_TRUE(decoder.Close().ok());
}

TEST(PlaneOffsets, AreAddedWithinTheRangeOfSamples) {
  const FramePtr from = MakeFrame(kSampleBits, filter::kFilterBorder, 4040, 1);
  const FramePtr to = MakeFrame(kSampleBits, filter::kFilterBorder, 0, 2);
  AddPlaneOffsets(*from, {10, -20, 0}, nullptr, to.get());
  const ConstPlane luma = to->plane(0);
  EXPECT_EQ(luma.row(5)[7], std::min(from->plane(0).row(5)[7] + 10, 4095));
  EXPECT_EQ(to->plane(1).row(3)[2], from->plane(1).row(3)[2] - 20);
  EXPECT_EQ(to->plane(2).row(3)[2], from->plane(2).row(3)[2]);
  EXPECT_EQ(luma.row(-1)[-1], luma.row(0)[0]) << "the border is of the sum";
}

}  // namespace
}  // namespace furl::latents
