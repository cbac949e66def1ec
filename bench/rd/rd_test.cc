#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "rd/bd_table.h"
#include "rd/measure.h"

namespace furl::rd {
namespace {

// A moving gradient with a moving square: codes well, but not for nothing.
Clip SyntheticClip(int width, int height, int frames, int bit_depth) {
  Clip clip;
  clip.name = "synthetic";
  clip.sha256 = "0";
  clip.width = width;
  clip.height = height;
  clip.bit_depth = bit_depth;
  clip.fps_num = 25;
  for (int i = 0; i < frames; ++i) {
    FramePtr frame = Frame::Create(width, height, bit_depth).value();
    for (int p = 0; p < 3; ++p) {
      const Plane plane = frame->plane(p);
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
          const bool square = (x - 2 * i) / 8 == 1 && y / 8 == 1;
          const int noise = (x * 7919 + y * 104729 + x * y * 31) % 23;
          plane.row(y)[x] = static_cast<uint16_t>((square ? 220 : (x + y + i + noise) % 200 + 20)
                                                  << (bit_depth - 8));
        }
      }
    }
    clip.frames.push_back(frame);
  }
  return clip;
}

TEST(Codecs, EveryAnchorHasSixLevelsAndIsFoundByName) {
  for (const LibavSpec& spec : AllLibavSpecs()) {
    const auto codec = MakeCodec(spec.name, FurlSpec{});
    ASSERT_NE(codec, nullptr);
    EXPECT_EQ(codec->name(), spec.name);
    EXPECT_GE(codec->levels().size(), 6u);
  }
  EXPECT_NE(MakeCodec("furl", FurlSpec{}), nullptr);
  EXPECT_EQ(MakeCodec("nonsense", FurlSpec{}), nullptr);
}

TEST(Codecs, MoreBitsGiveMoreQuality) {
  const Clip clip = SyntheticClip(96, 80, 9, 8);
  for (const char* name : {"mpeg2video", "x264-medium", "x265-medium", "svtav1-8"}) {
    const auto codec = MakeCodec(name, FurlSpec{});
    const std::vector<double> levels = codec->levels();
    auto fine = Measure(*codec, clip, levels.front());
    ASSERT_TRUE(fine.ok()) << name << ": " << fine.status().message();
    auto coarse = Measure(*codec, clip, levels.back());
    ASSERT_TRUE(coarse.ok()) << name << ": " << coarse.status().message();
    EXPECT_GT(fine->bits, coarse->bits) << name;
    EXPECT_GT(fine->mean.yuv, coarse->mean.yuv + 3) << name;
    EXPECT_GT(fine->mean.yuv, 33) << name;
    EXPECT_NEAR(fine->kbps, static_cast<double>(fine->bits) * 25 / 9 / 1000, 1e-6);
    EXPECT_TRUE(codec->versions().contains("libavcodec"));
  }
}

TEST(Codecs, VersionComesFromTheStream) {
  const Clip clip = SyntheticClip(64, 48, 2, 8);
  const auto x264 = MakeCodec("x264-medium", FurlSpec{});
  ASSERT_TRUE(Measure(*x264, clip, 30).ok());
  EXPECT_EQ(x264->versions().at("encoder").get<std::string>().rfind("x264 - core", 0), 0u);
  const auto x265 = MakeCodec("x265-medium", FurlSpec{});
  ASSERT_TRUE(Measure(*x265, clip, 30).ok());
  EXPECT_EQ(x265->versions().at("encoder").get<std::string>().rfind("x265 (build", 0), 0u);
}

TEST(Codecs, TenBitClipsAreMeasuredAtTenBit) {
  const Clip clip = SyntheticClip(64, 48, 3, 10);
  const auto codec = MakeCodec("x265-medium", FurlSpec{});
  auto point = Measure(*codec, clip, 16);
  ASSERT_TRUE(point.ok()) << point.status().message();
  EXPECT_GT(point->mean.yuv, 38);
}

TEST(Codecs, MissingFurlBinaryIsAnError) {
  FurlSpec spec;
  spec.binary = "/nonexistent/furl";
  const Clip clip = SyntheticClip(32, 32, 1, 8);
  EXPECT_FALSE(Measure(*MakeFurlCodec(spec), clip, 30).ok());
}

// A codec that drops its last frame.
class Lossy : public Codec {
 public:
  std::string name() const override { return "lossy"; }
  std::string description() const override { return ""; }
  std::string level_name() const override { return "crf"; }
  std::vector<double> levels() const override { return {1}; }
  nlohmann::json settings() const override { return {}; }
  nlohmann::json versions() const override { return {}; }
  Result<int64_t> Run(const Clip& clip, double, const FrameSink& sink) override {
    for (size_t i = 0; i + 1 < clip.frames.size(); ++i) {
      FURL_RETURN_IF_ERROR(sink(clip.frames[i]));
    }
    return int64_t{100};
  }
};

TEST(Measure, LostFramesAreAnError) {
  Lossy codec;
  EXPECT_FALSE(Measure(codec, SyntheticClip(32, 32, 3, 8), 1).ok());
}

ResultFile MakeFile(const std::string& name, double factor) {
  ResultFile file;
  file.name = name;
  file.description = "made up";
  file.level_name = "crf";
  file.settings = {{"preset", "none"}};
  file.versions = {{"encoder", "1"}};
  file.command = "none";
  for (const char* clip_name : {"a", "b"}) {
    ClipResult& clip = file.clips[clip_name];
    clip.sha256 = clip_name;
    clip.width = 64;
    clip.height = 48;
    clip.bit_depth = 8;
    clip.frames = 10;
    clip.fps = "25/1";
    for (int i = 0; i < 5; ++i) {
      Measurement m;
      m.level = 20 + 4 * i;
      m.kbps = factor * 4096 / (1 << i);
      m.bits = std::llround(m.kbps * 1000 * 10 / 25);
      m.mean.yuv = 42 - 2.5 * i;
      clip.points.push_back(m);
    }
  }
  return file;
}

TEST(ResultFile, SurvivesWritingAndReading) {
  const std::string path = testing::TempDir() + "furl_rd_result.json";
  const ResultFile file = MakeFile("one", 1.5);
  ASSERT_TRUE(WriteResultFile(path, file).ok());
  auto back = ReadResultFile(path);
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(ToJson(*back), ToJson(file));
  std::remove(path.c_str());
}

TEST(ResultFile, RefusesGarbage) {
  const std::string path = testing::TempDir() + "furl_rd_garbage.json";
  for (const char* text : {"", "{", "[]", "{\"name\": 3}", "{\"name\": \"x\"}"}) {
    std::ofstream(path) << text;
    EXPECT_FALSE(ReadResultFile(path).ok()) << text;
  }
  std::remove(path.c_str());
  nlohmann::json json = ToJson(MakeFile("one", 1));
  json["results"]["a"]["bits"].erase(0);
  EXPECT_EQ(FromJson(json).status().code(), StatusCode::kInvalidStream);
}

TEST(BdTable, MeansPerCodecAndErrorsInTheirCells) {
  const ResultFile anchor = MakeFile("anchor", 1);
  ResultFile changed = MakeFile("changed", 0.5);
  changed.clips["b"].sha256 = "other";
  const BdTable table =
      CompareResults(anchor, {anchor, MakeFile("double", 2), changed}, BdOptions{});
  ASSERT_EQ(table.columns.size(), 2u);
  EXPECT_NEAR(table.columns[0].mean_rate, 100, 1e-9);
  EXPECT_NEAR(table.columns[0].mean_psnr, -2.5, 1e-9);
  EXPECT_EQ(table.columns[1].rates, 1);
  EXPECT_NEAR(table.columns[1].mean_rate, -50, 1e-9);
  const std::string text = ToMarkdown(table);
  EXPECT_NE(text.find("| a | +100.0 | -50.0 |"), std::string::npos) << text;
  EXPECT_NE(text.find("| b | +100.0 | none |"), std::string::npos) << text;
  EXPECT_NE(text.find("changed on b: measured on different input files"), std::string::npos);
  EXPECT_EQ(ToJson(table)["codecs"]["double"]["clips"]["a"]["points"][0], 5);
}

}  // namespace
}  // namespace furl::rd
