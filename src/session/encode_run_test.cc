#include "session/encode_run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "codec/enc/encoders.h"
#include "session/model_store.h"

namespace furl::session {
namespace {

constexpr int kSide = 32;
constexpr int kFrames = 5;

class EncodeRunTest : public testing::Test {
 protected:
  void SetUp() override {
    request_.input = testing::TempDir() + "/encode_run.y4m";
    request_.output = testing::TempDir() + "/encode_run.furl";
    request_.overwrite = true;
    request_.encoder.preset = Preset::kFast;
    std::filesystem::remove(request_.output);
    std::ofstream clip(request_.input, std::ios::binary);
    clip << "YUV4MPEG2 W" << kSide << " H" << kSide << " F25:1 Ip A1:1 C420\n";
    for (int i = 0; i < kFrames; ++i) {
      clip << "FRAME\n" << std::string(kSide * kSide * 3 / 2, static_cast<char>(100 + 5 * i));
    }
    job_.crf = 40;
    job_.family = CreateFamilyEncoder(ModelStore("").Default().value()).value();
  }

  EncodeRequest request_;
  EncodeJob job_;
};

TEST_F(EncodeRunTest, TellsWhatItDoes) {
  EncodeHooks hooks;
  int width = 0;
  int64_t seen = 0;
  hooks.opened = [&](const media::VideoInfo& video) { width = video.width; };
  hooks.progress = [&](const EncodeOutcome& so_far) {
    EXPECT_EQ(so_far.frames, ++seen);
    EXPECT_GT(so_far.bytes, 0);
  };
  const auto outcome = EncodeRun(request_, std::move(job_), hooks).Run();
  ASSERT_TRUE(outcome.ok()) << outcome.status().message();
  EXPECT_EQ(width, kSide);
  EXPECT_EQ(seen, kFrames);
  EXPECT_EQ(outcome->frames, kFrames);
  EXPECT_EQ(outcome->key_frames, 1);
  EXPECT_EQ(outcome->pixels, kFrames * kSide * kSide);
  EXPECT_NEAR(outcome->video_seconds, kFrames / 25.0, 1e-9);
  EXPECT_EQ(outcome->bytes, static_cast<int64_t>(std::filesystem::file_size(request_.output)));
}

TEST_F(EncodeRunTest, LeavesNoFileWhereItIsCancelledOrNotAccepted) {
  EncodeHooks hooks;
  hooks.cancelled = [] { return true; };
  EncodeJob cancelled;
  cancelled.crf = job_.crf;
  cancelled.family = job_.family;
  EXPECT_EQ(EncodeRun(request_, std::move(cancelled), hooks).Run().status().code(),
            StatusCode::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(request_.output));

  job_.accept = [](const EncodeOutcome& outcome) {
    return outcome.frames == kFrames ? Status(StatusCode::kTryAgain, "too large") : OkStatus();
  };
  EXPECT_EQ(EncodeRun(request_, std::move(job_), {}).Run().status().code(), StatusCode::kTryAgain);
  EXPECT_FALSE(std::filesystem::exists(request_.output));
}

media::VideoInfo VideoOf(Rational rate, double usual_rate) {
  media::VideoInfo video;
  video.frame_rate = rate;
  video.usual_rate = usual_rate;
  return video;
}

// Frames of the longest GOP.
int GopOf(double wanted, const media::VideoInfo& video) {
  EncodeRequest request;
  request.gop_seconds = wanted;
  return static_cast<int>(
      std::lround(SettingsFor(request, video, 32).gop_seconds * video.frame_rate.value()));
}

TEST(SettingsForTest, PausesAndSlowVideosHaveGopsOfManyFrames) {
  EXPECT_EQ(GopOf(0, VideoOf({25, 1}, 0)), 50);
  EXPECT_EQ(GopOf(0, VideoOf({30000, 1001}, 0)), 60);
  EXPECT_EQ(GopOf(0, VideoOf({50, 21}, 25)), 50);  // a pause of 38 s
  EXPECT_EQ(GopOf(0, VideoOf({1, 1}, 1)), 32);     // a timelapse
  EXPECT_EQ(GopOf(1, VideoOf({50, 21}, 25)), 25);
  EXPECT_EQ(GopOf(3, VideoOf({1, 1}, 1)), 3);
  EXPECT_EQ(GopOf(0.01, VideoOf({25, 1}, 25)), 1);
}

// One second, from the hundredth on.
TEST_F(EncodeRunTest, SecondsCountFromTheFirstFrame) {
  request_.input = testing::TempDir() + "/late.mkv";
  const std::string make =
      "ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=32x32:r=25:d=1 -c:v libx264 "
      "-output_ts_offset 100 ";
  ASSERT_EQ(std::system((make + request_.input).c_str()), 0);
  const auto outcome = EncodeRun(request_, std::move(job_), {}).Run();
  ASSERT_TRUE(outcome.ok()) << outcome.status().message();
  EXPECT_EQ(outcome->frames, 25);
  EXPECT_NEAR(outcome->video_seconds, 1, 0.01);
}

}  // namespace
}  // namespace furl::session
