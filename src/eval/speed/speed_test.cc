#include "eval/speed/speed.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include "eval/eval_test_util.h"
#include "media/libav/libav_util.h"

namespace furl::eval {
namespace {

SpeedSample Sample(double seconds, int64_t peak = 1) { return {10, {seconds, 2 * seconds, peak}}; }

TEST(CostMeter, SeesTimeCpuAndMemory) {
  constexpr size_t kBytes = size_t{64} << 20;
  const std::vector<char> before(kBytes, 1);  // not part of the work
  const CostMeter meter;
  {
    std::vector<char> work(kBytes / 2);
    for (int i = 0; i < 8; ++i) std::memset(work.data(), i, work.size());
    ASSERT_EQ(work[kBytes / 4], 7);
  }
  const Cost cost = meter.Stop();
  EXPECT_GT(cost.wall_seconds, 0);
  EXPECT_GT(cost.cpu_seconds, 0);
  EXPECT_LE(cost.cpu_seconds, 64 * cost.wall_seconds);
  if (cost.peak_bytes < 0) GTEST_SKIP() << "no /proc/self/clear_refs";
  EXPECT_GE(cost.peak_bytes, static_cast<int64_t>(kBytes) * 3 / 8);
  EXPECT_LE(cost.peak_bytes, static_cast<int64_t>(kBytes));
}

TEST(Speed, CodecsTakeTurnsAndMediansCount) {
  const SpeedLevels levels = {{"/x/a.mkv", {{"fast", 30}, {"slow", 20}}},
                              {"/x/b.mkv", {{"fast", 31}, {"slow", 21}}}};
  SpeedSettings settings;
  settings.rounds = 3;
  settings.threads = 2;
  std::string order;
  auto results = MeasureSpeed(levels, settings, [&](const SpeedJob& job) -> Result<SpeedSample> {
    order += job.codec[0];
    order += job.decode ? '-' : '+';
    EXPECT_EQ(job.threads, 2);
    auto copy = JobFromJson(ToJson(job));
    EXPECT_TRUE(copy.ok());
    EXPECT_EQ(ToJson(*copy), ToJson(job));
    // The machine is three times slower for everybody in the second round.
    const double load = order.size() / 16 == 1 ? 3 : 1;
    return Sample((job.codec == "fast" ? 1 : 4) * load, static_cast<int64_t>(order.size()));
  });
  ASSERT_TRUE(results.ok());
  EXPECT_EQ(order.substr(0, 16), "f+f-s+s-f+f-s+s-");
  EXPECT_EQ(order.size(), 3u * 16);
  const ClipSpeed& fast = results->at("/x/a.mkv").at("fast");
  const ClipSpeed& slow = results->at("/x/a.mkv").at("slow");
  EXPECT_EQ(slow.level, 20);
  EXPECT_EQ(slow.encode.size(), 3u);
  EXPECT_DOUBLE_EQ(MedianFps(fast.encode), 10);
  EXPECT_DOUBLE_EQ(MedianCpuMs(fast.encode), 200);
  EXPECT_DOUBLE_EQ(MedianRatio(fast.encode, slow.encode), 0.25);
  EXPECT_EQ(PeakBytes(fast.encode), 34);
}

TEST(Speed, AFailedJobEndsItAndSaysWhich) {
  const SpeedLevels levels = {{"/x/a.mkv", {{"one", 30}}}};
  const auto results = MeasureSpeed(levels, {}, [](const SpeedJob&) -> Result<SpeedSample> {
    return Unsupported("no such thing");
  });
  EXPECT_EQ(results.status().code(), StatusCode::kUnsupported);
  EXPECT_EQ(results.status().message(), "one on /x/a.mkv: no such thing");
}

TEST(Speed, OutcomesTravelBetweenProcesses) {
  const auto sample = OutcomeFromJson(OutcomeToJson(Sample(3, 7)));
  ASSERT_TRUE(sample.ok()) << sample.status().message();
  EXPECT_EQ(ToJson(*sample), ToJson(Sample(3, 7)));
  for (const StatusCode code : {StatusCode::kInvalidStream, StatusCode::kUnsupported,
                                StatusCode::kIo, StatusCode::kCancelled, StatusCode::kInternal}) {
    const auto failure = OutcomeFromJson(OutcomeToJson(Status(code, "because")));
    EXPECT_EQ(failure.status().code(), code);
    EXPECT_EQ(failure.status().message(), "because");
  }
  for (const char* text : {"3", "[]", "{}", R"({"frames": 3})", R"({"error": "io"})",
                           R"({"error": 3, "message": "because"})"}) {
    EXPECT_EQ(OutcomeFromJson(nlohmann::json::parse(text)).status().code(),
              StatusCode::kInvalidStream)
        << text;
  }
  EXPECT_EQ(OutcomeFromJson({{"error", "ok"}, {"message", ""}}).status().code(),
            StatusCode::kInternal);
}

TEST(Speed, JobsCodeForReal) {
  media::RouteLibavLog(nullptr);
  const std::string folder = testing::TempDir() + "furl_speed_test";
  std::filesystem::create_directories(folder);
  std::ofstream clip(folder + "/clip.y4m", std::ios::binary);
  clip << "YUV4MPEG2 W48 H32 F25:1 Ip A1:1 C420jpeg\n";
  for (int i = 0; i < 5; ++i) clip << "FRAME\n" << std::string(48 * 32 * 3 / 2, 'a' + i);
  clip.close();
  SpeedJob job;
  job.codec = "x264-medium";
  job.clip = folder + "/clip.y4m";
  job.level = 30;
  job.coded = folder + "/coded";
  const auto codec = MakeCodec(job.codec, {});
  ASSERT_TRUE(codec.ok());
  auto encoded = RunSpeedJob(**codec, job, nullptr);
  ASSERT_TRUE(encoded.ok()) << encoded.status().message();
  EXPECT_EQ(encoded->frames, 5);
  job.decode = true;
  auto decoded = RunSpeedJob(**codec, job, nullptr);
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  EXPECT_EQ(decoded->frames, 5);
  std::ofstream(job.coded) << "garbage";
  EXPECT_EQ(RunSpeedJob(**codec, job, nullptr).status().code(), StatusCode::kInvalidStream);
  std::filesystem::remove_all(folder);
}

TEST(Speed, LevelsOfEqualQuality) {
  const ClipResult clip = MakeResults("x", 1).clips.at("a");  // 42, 39.5, 37, 34.5, 32 dB
  EXPECT_EQ(LevelAt(clip, "psnr", 36.5).value(), 28);
  EXPECT_EQ(LevelAt(clip, "psnr", 99).value(), 20);
  EXPECT_FALSE(LevelAt(clip, "ssim", 20).ok());
}

}  // namespace
}  // namespace furl::eval
