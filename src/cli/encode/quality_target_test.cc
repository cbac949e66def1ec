#include "cli/encode/quality_target.h"

#include <gtest/gtest.h>

namespace furl::cli {
namespace {

EncodeOptions WithTarget(const std::string& text) {
  EncodeOptions options;
  options.target = text;
  return options;
}

TEST(QualityTargetTest, Scores) {
  const auto psnr = ParseTarget(WithTarget("psnr=38.5"));
  ASSERT_TRUE(psnr.ok());
  EXPECT_EQ(psnr->metric->name, "psnr");
  EXPECT_EQ(psnr->value, 38.5);
  EXPECT_EQ(psnr->Text(), "PSNR 38.5 dB");
  EXPECT_EQ(GoalOf(*psnr, 0, 10).kind, QualityGoal::Kind::kDecibels);
  const auto ssim = ParseTarget(WithTarget("ms-ssim=0.98"));
  ASSERT_TRUE(ssim.ok());
  EXPECT_EQ(ssim->Text(), "MS-SSIM 0.98");
  EXPECT_EQ(GoalOf(*ssim, 0, 10).kind, QualityGoal::Kind::kSimilarity);
  EXPECT_EQ(GoalOf(*ssim, 0, 10).value, 0.98);
  const auto vmaf = ParseTarget(WithTarget("vmaf=93"));
  ASSERT_TRUE(vmaf.ok());
  EXPECT_TRUE(vmaf->metric->foreign());
  EXPECT_EQ(vmaf->Text(), "VMAF 93");
  EXPECT_EQ(vmaf->Name(), "vmaf");
  EXPECT_EQ(vmaf->ScoreText(92.5), "92.500");
  EXPECT_EQ(GoalOf(*vmaf, 0, 10).kind, QualityGoal::Kind::kDecibels);
  for (const char* text : {"psnr", "psnr=", "=38", "38", "psnr=38dB", "psnr=0", "psnr=-3",
                           "psnr=nan", "psnr=101", "ssim=1.1", "vmaf=101", "vmaf", "psnr 38"}) {
    EXPECT_EQ(ParseTarget(WithTarget(text)).status().code(), StatusCode::kInvalidArgument) << text;
  }
}

TEST(QualityTargetTest, SizesLeaveRoomForTheRest) {
  EncodeOptions options;
  options.size = "20M";
  const auto size = ParseTarget(options);
  ASSERT_TRUE(size.ok());
  EXPECT_EQ(size->Text(), "20.00 MB");
  const QualityGoal goal = GoalOf(*size, 4000000, 100);
  EXPECT_EQ(goal.kind, QualityGoal::Kind::kRate);
  EXPECT_DOUBLE_EQ(goal.value, 16e6 * 8 / 100);
  EXPECT_EQ(GoalOf(*size, 30000000, 100).value, 1);  // nothing left
}

TEST(QualityTargetTest, BitratesAreOfVideo) {
  EncodeOptions options;
  options.bitrate = "800k";
  const auto rate = ParseTarget(options);
  ASSERT_TRUE(rate.ok());
  EXPECT_EQ(rate->Text(), "800 kbit/s");
  EXPECT_EQ(GoalOf(*rate, 4000000, 100).value, 800000);
}

}  // namespace
}  // namespace furl::cli
