#include "eval/codecs/codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "codec/enc/encoders.h"
#include "eval/codecs/adapters.h"
#include "eval/eval_test_util.h"
#include "eval/measure.h"
#include "media/libav/libav_util.h"
#include "model/default_model.h"

namespace furl::eval {
namespace {

Result<Measurement> MeasurePsnr(const Codec& codec, const Clip& clip, double level) {
  media::RouteLibavLog(nullptr);
  const Metric* psnr = FindMetric("psnr");
  return Measure(codec, clip, level, {&psnr, 1}, {});
}

CodecPtr Make(const std::string& name) {
  media::RouteLibavLog(nullptr);
  setenv("SVT_LOG", "1", /*overwrite=*/0);  // errors only
  auto codec = MakeCodec(name, {});
  EXPECT_TRUE(codec.ok()) << codec.status().message();
  return codec.ok() ? std::move(*codec) : nullptr;
}

TEST(Codecs, NamesAreUniqueAndTheDefaultSetIsTheAnchors) {
  std::set<std::string> names, in_default_set;
  for (const CodecEntry& entry : AllCodecs()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    if (entry.in_default_set) in_default_set.insert(entry.name);
  }
  EXPECT_EQ(in_default_set,
            (std::set<std::string>{"furl", "mpeg2video", "x264-medium", "x264-veryslow",
                                   "x265-medium", "x265-veryslow", "svtav1-8", "svtav1-4"}));
  EXPECT_EQ(MakeCodec("nonsense", {}).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(MakeCodec("furl", {}).status().code(), StatusCode::kUnsupported);
}

// furl with the built-in model.
CodecPtr MakeFurl(const std::string& codec, const std::string& name) {
  const auto family = CreateFamilyEncoder(*model::DefaultModel());
  EXPECT_TRUE(family.ok()) << family.status().message();
  auto made = MakeCodec(codec, {*family, name});
  EXPECT_TRUE(made.ok()) << made.status().message();
  return std::move(*made);
}

TEST(Codecs, FurlTellsWhichModelItIs) {
  const CodecPtr plain = MakeFurl("furl-fast", "");
  const CodecPtr named = MakeFurl("furl-fast", "mine");
  EXPECT_EQ(plain->name(), "furl-fast");
  EXPECT_EQ(named->name(), "mine");
  EXPECT_EQ(named->settings({}), plain->settings({})) << "a name changes no measurement";
  const model::ModelPtr model = *model::DefaultModel();
  EXPECT_EQ(named->settings({}).at("model"), model->name());
  EXPECT_EQ(named->settings({}).at("family"), model->family());
  EXPECT_EQ(named->settings({}).at("model_id"), ToHex(model->id()));
  EXPECT_EQ(named->description(),
            plain->description() + ", model " + model->name() + " (" + model->family() + ")");
}

TEST(Codecs, SettingsTellWhichOfFurlsCodecsTheyAreOf) {
  for (const CodecEntry& entry : AllCodecs()) {
    const CodecPtr codec = entry.takes_model ? MakeFurl(entry.name, "other") : nullptr;
    if (codec == nullptr) continue;
    EXPECT_EQ(FurlCodecOf(codec->settings({})), entry.name);
  }
  EXPECT_EQ(FurlCodecOf(Make("x264-medium")->settings({})), "");
  EXPECT_EQ(FurlCodecOf({{"encoder", "furl"}, {"preset", 3}, {"low_delay", false}}), "");
  EXPECT_EQ(FurlCodecOf(nullptr), "");
}

TEST(LevelScale, NearestIsOneTheEncoderTakes) {
  const LevelScale halves = {"crf", 1, 51, 0.5, {}};
  EXPECT_EQ(halves.Nearest(20.7), 20.5);
  EXPECT_EQ(halves.Nearest(20.75), 21);
  EXPECT_EQ(halves.Nearest(-3), 1);
  EXPECT_EQ(halves.Nearest(51.2), 51);
  const LevelScale twos = {"qscale", 1, 30, 2, {}};
  EXPECT_EQ(twos.Nearest(4.2), 5) << "steps are counted from the finest";
  EXPECT_EQ(twos.Nearest(40), 30) << "the coarsest, though no whole steps away";
}

TEST(Codecs, MoreBitsGiveMoreQuality) {
  const Clip clip = SyntheticClip(96, 80, 9, 8);
  for (const char* name : {"mpeg2video", "x264-medium", "x265-medium", "svtav1-8"}) {
    const CodecPtr codec = Make(name);
    ASSERT_NE(codec, nullptr);
    const LevelScale& levels = codec->levels();
    ASSERT_GE(levels.ladder.size(), 5u);
    auto fine = MeasurePsnr(*codec, clip, levels.ladder.front());
    ASSERT_TRUE(fine.ok()) << name << ": " << fine.status().message();
    auto coarse = MeasurePsnr(*codec, clip, levels.ladder.back());
    ASSERT_TRUE(coarse.ok()) << name << ": " << coarse.status().message();
    const MetricScores& scores = fine->scores.at("psnr");
    EXPECT_GT(fine->bits, coarse->bits) << name;
    EXPECT_GT(scores.mean.yuv, coarse->scores.at("psnr").mean.yuv + 3) << name;
    EXPECT_GT(scores.mean.yuv, 33) << name;
    EXPECT_LE(scores.worst, scores.mean.yuv) << name;
    EXPECT_NEAR(fine->kbps, static_cast<double>(fine->bits) * 25 / 9 / 1000, 1e-6);
    EXPECT_TRUE(codec->versions().contains("libavcodec"));
  }
}

// Every variant's options must be ones its encoder knows.
TEST(Codecs, VariantsDifferInSettingsAndCode) {
  const Clip clip = SyntheticClip(64, 64, 4, 8);
  std::set<std::string> settings;
  for (const CodecEntry& entry : AllCodecs()) {
    if (entry.name.starts_with("furl") || entry.name.starts_with("x265-veryslow")) continue;
    const CodecPtr codec = Make(entry.name);
    ASSERT_NE(codec, nullptr);
    EXPECT_TRUE(settings.insert(codec->settings({}).dump()).second) << entry.name;
    auto point = MeasurePsnr(*codec, clip, codec->levels().ladder[2]);
    EXPECT_TRUE(point.ok()) << entry.name << ": " << point.status().message();
  }
}

// Coded frames (OBU_FRAME, OBU_FRAME_HEADER; AV1 5.3.1) of one AV1 temporal unit,
// those that are shown again included.
int CodedFrames(std::span<const uint8_t> unit) {
  int frames = 0;
  while (unit.size() > 1) {
    const int type = unit[0] >> 3 & 15;
    EXPECT_TRUE(unit[0] & 2) << "an OBU without a size";
    size_t at = unit[0] & 4 ? 2 : 1;
    size_t size = 0;
    for (int shift = 0; at < unit.size(); shift += 7) {
      size |= static_cast<size_t>(unit[at] & 127) << shift;
      if (!(unit[at++] & 128)) break;
    }
    frames += type == 6 || type == 3;
    unit = unit.subspan(std::min(unit.size(), at + size));
  }
  return frames;
}

// No frame is coded ahead of its time: every packet holds the one it shows.
TEST(Codecs, SvtLowDelayCodesInDisplayOrder) {
  const Clip clip = SyntheticClip(96, 80, 20, 8);
  const auto most_frames = [&](const char* name) {
    const CodecPtr codec = Make(name);
    const auto coded = codec->Encode(clip, 40, {});
    EXPECT_TRUE(coded.ok()) << coded.status().message();
    EXPECT_EQ(coded->packets.size(), clip.frames.size()) << name;
    int most = 0;
    for (size_t i = 0; i < coded->packets.size(); ++i) {
      EXPECT_EQ(coded->packets[i].pts, static_cast<int64_t>(i)) << name;
      most = std::max(most, CodedFrames(coded->packets[i].data));
    }
    size_t decoded = 0;
    EXPECT_TRUE(codec
                    ->Decode(*coded, {},
                             [&](const ConstFramePtr&) {
                               ++decoded;
                               return OkStatus();
                             })
                    .ok());
    EXPECT_EQ(decoded, clip.frames.size()) << name;
    return most;
  };
  EXPECT_EQ(most_frames("svtav1-8-lowdelay"), 1);
  EXPECT_GT(most_frames("svtav1-8"), 1);
}

TEST(Codecs, SettingsTellThreadsOnlyWhereTheyCount) {
  RunOptions fast;
  fast.reproducible = false;
  fast.threads = 3;
  const CodecPtr x265 = Make("x265-medium");
  EXPECT_EQ(x265->settings({}).at("x265-params"), "log-level=error:frame-threads=1:pools=2");
  EXPECT_EQ(x265->settings(fast).at("x265-params"), "log-level=error:pools=3");
  RunOptions other;
  other.threads = 3;
  EXPECT_EQ(x265->settings(other), x265->settings({}));
}

TEST(Codecs, VersionsAreKnownBeforeTheFirstRun) {
  EXPECT_EQ(
      Make("x264-medium")->versions().at("encoder").get<std::string>().rfind("x264 - core", 0), 0u);
  EXPECT_EQ(
      Make("x265-medium")->versions().at("encoder").get<std::string>().rfind("x265 (build", 0), 0u);
  EXPECT_NE(Make("svtav1-8")->versions().at("encoder").get<std::string>(), "unknown");
}

TEST(Codecs, OddSizesAndTenBit) {
  for (const char* name : {"x264-medium", "x265-medium", "mpeg2video"}) {
    auto point = MeasurePsnr(*Make(name), SyntheticClip(67, 65, 3, 8), 10);
    ASSERT_TRUE(point.ok()) << name << ": " << point.status().message();
    EXPECT_GT(point->scores.at("psnr").mean.yuv, 25) << name;
  }
  auto point = MeasurePsnr(*Make("x265-medium"), SyntheticClip(64, 48, 3, 10), 16);
  ASSERT_TRUE(point.ok()) << point.status().message();
  EXPECT_GT(point->scores.at("psnr").mean.yuv, 38);
}

TEST(Codecs, UnsupportedDepthsAreNamed) {
  const Status status = MeasurePsnr(*Make("mpeg2video"), SyntheticClip(64, 48, 3, 10), 10).status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_EQ(status.message(), "mpeg2video has no 10 bit");
}

TEST(Codecs, UnsupportedFrameRatesAreNamed) {
  Clip clip = SyntheticClip(64, 48, 3, 8);
  clip.frame_rate = {35, 2};  // not one of MPEG-2, nor a simple multiple
  const Status status = MeasurePsnr(*Make("mpeg2video"), clip, 10).status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_EQ(status.message(), "mpeg2video takes no 64x48 at 35/2 frames/s");
}

TEST(Codecs, StopWhenAsked) {
  RunOptions run;
  run.cancelled = [] { return true; };
  EXPECT_EQ(Make("x264-medium")->Encode(SyntheticClip(64, 48, 3, 8), 30, run).status().code(),
            StatusCode::kCancelled);
}

TEST(Measure, LostFramesAreAnError) {
  const FakeCodec codec("lossy", 1, /*loses=*/true);
  EXPECT_EQ(MeasurePsnr(codec, SyntheticClip(32, 32, 3, 8), 1).status().code(),
            StatusCode::kInternal);
}

TEST(EncoderText, CountsOnlyTheDescription) {
  const std::string text = "x264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec";
  std::vector<uint8_t> packet = {0, 0, 1, 6, 5};
  packet.insert(packet.end(), text.begin(), text.end());
  const auto text_bytes = static_cast<int64_t>(packet.size());
  packet.insert(packet.end(), {0, 0, 1, 0x65, 1, 2, 3});
  EXPECT_EQ(EncoderTextBytes(false, packet), text_bytes);
  EXPECT_EQ(EncoderTextVersion(packet), "x264 - core 164 r3095 baee400");
  EXPECT_EQ(EncoderTextBytes(false, std::vector<uint8_t>{0, 0, 1, 0x65, 1, 2}), 0);
}

}  // namespace
}  // namespace furl::eval
