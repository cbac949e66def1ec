// Result files and the tables made of them.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "eval/eval_test_util.h"
#include "eval/results/bd_table.h"

namespace furl::eval {
namespace {

TEST(ResultFile, SurvivesWritingAndReading) {
  const std::string path = testing::TempDir() + "furl_eval_result.json";
  ResultFile file = MakeResults("one", 1.5);
  file.cost = {{"kmac_per_pixel", 12.5}};
  file.clips["a"].targets = {42, 37, 32};
  for (Measurement& point : file.clips["b"].points) point.scores["ms-ssim"].mean.yuv = 0.987654;
  ASSERT_TRUE(WriteResultFile(path, file).ok());
  auto back = ReadResultFile(path);
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(ToJson(*back), ToJson(file));
  EXPECT_EQ(back->clips["a"].points[3].scores.at("psnr").worst_frame, 3);
  EXPECT_EQ(back->clips["b"].points[0].scores.at("ms-ssim").mean.yuv, 0.987654);
  std::remove(path.c_str());
}

// The files in results/ were written by earlier versions, too.
TEST(ResultFile, TheProjectsOwnFilesAreReadable) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(FURL_SOURCE_DIR) + "/results/rd")) {
    if (entry.path().extension() != ".json") continue;
    auto file = ReadResultFile(entry.path().string());
    ASSERT_TRUE(file.ok()) << file.status().message();
    EXPECT_GE(RdCurve(file->clips.begin()->second).size(), 5u) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 5);
}

TEST(ResultFile, RefusesGarbage) {
  const std::string path = testing::TempDir() + "furl_eval_garbage.json";
  for (const char* text : {"", "{", "[]", "{\"name\": 3}", "{\"name\": \"x\"}"}) {
    std::ofstream(path) << text;
    EXPECT_FALSE(ReadResultFile(path).ok()) << text;
  }
  std::remove(path.c_str());
  nlohmann::json json = ToJson(MakeResults("one", 1));
  json["results"]["a"]["bits"].erase(0);
  EXPECT_EQ(FromJson(json).status().code(), StatusCode::kInvalidStream);
  json = ToJson(MakeResults("one", 1));
  json["results"]["a"].erase("psnr_yuv");
  EXPECT_EQ(FromJson(json).status().code(), StatusCode::kInvalidStream);
}

// Copying or writing such a value would take a stack as deep as it is nested.
TEST(ResultFile, RefusesWhatIsNestedDeeply) {
  const std::string path = testing::TempDir() + "furl_eval_nested.json";
  std::string text = ReadableJson(ToJson(MakeResults("one", 1)));
  const std::string key = "\"settings\": ";
  const size_t at = text.find(key);
  ASSERT_NE(at, std::string::npos);
  const std::string nested = std::string(200000, '[') + std::string(200000, ']');
  std::ofstream(path) << text.insert(at, key + "{\"x\": " + nested + "}, \"old\": 0, ");
  EXPECT_EQ(ReadResultFile(path).status().code(), StatusCode::kInvalidStream);
  std::remove(path.c_str());
}

TEST(ResultFile, CurvesOfSimilaritiesAreInDecibels) {
  Measurement point;
  point.kbps = 2;
  point.scores["ssim"].mean.yuv = 0.99;
  point.scores["psnr"].mean.yuv = 35;
  ClipResult clip;
  clip.points = {point};
  EXPECT_NEAR(RdCurve(clip, "ssim")[0].quality, 20, 1e-9);
  EXPECT_EQ(RdCurve(clip, "psnr")[0].quality, 35);
  EXPECT_EQ(RdCurve(clip, "psnr")[0].rate, 2000);
  EXPECT_TRUE(RdCurve(clip, "ms-ssim").empty());
}

TEST(ResultFile, LevelsOfOneStreamAreOnePoint) {
  ClipResult clip = MakeResults("one", 1).clips["a"];
  clip.points.insert(clip.points.begin() + 2, clip.points[2]);
  clip.points[2].level -= 0.5;
  EXPECT_EQ(RdCurve(clip).size(), 5u);
  clip.points[2].scores["psnr"].mean.yuv += 0.1;
  EXPECT_EQ(RdCurve(clip).size(), 6u) << "equal rates of other quality are not the same";
}

TEST(BdTable, MeansPerCodecAndErrorsInTheirCells) {
  const ResultFile anchor = MakeResults("anchor", 1);
  ResultFile changed = MakeResults("changed", 0.5);
  changed.clips["b"].sha256 = "other";
  ResultFile shorter = MakeResults("shorter", 0.5);
  shorter.clips["a"].frames = 5;
  const BdTable table =
      CompareResults(anchor, {anchor, MakeResults("double", 2), changed, shorter}, {});
  ASSERT_EQ(table.columns.size(), 3u);
  EXPECT_NEAR(table.columns[0].rate.value, 100, 1e-9);
  EXPECT_NEAR(table.columns[0].akima.value, 100, 1e-9);
  EXPECT_NEAR(table.columns[0].psnr.value, -2.5, 1e-9);
  EXPECT_EQ(table.columns[1].rate.clips, 1);
  EXPECT_NEAR(table.columns[1].rate.value, -50, 1e-9);
  EXPECT_TRUE(std::isnan(table.columns[0].rate.interval.low)) << "two clips have no interval";
  const std::string text = ToMarkdown(table);
  EXPECT_NE(text.find("| a | +100.0 | -50.0 | none |"), std::string::npos) << text;
  EXPECT_NE(text.find("| b | +100.0 | none | -50.0 |"), std::string::npos) << text;
  EXPECT_NE(text.find("| range in dB, points | 32.0 to 42.0, 5 |"), std::string::npos) << text;
  EXPECT_NE(text.find("\n\nchanged on b: measured on different inputs.\n"), std::string::npos);
  const auto json = ToJson(table);
  EXPECT_EQ(json["codecs"]["double"]["clips"]["a"]["points"][0], 5);
  EXPECT_TRUE(json["codecs"]["double"]["bd_rate_percent"]["interval"].is_null());
}

TEST(BdTable, TooSmallAnOverlapIsAnErrorAndNoNumber) {
  const ResultFile anchor = MakeResults("anchor", 1);
  ResultFile better = MakeResults("better", 1);
  for (Measurement& m : better.clips["a"].points) m.scores["psnr"].mean.yuv += 9;
  const BdTable table = CompareResults(anchor, {better}, {});
  EXPECT_EQ(table.columns[0].rate.clips, 1);
  EXPECT_FALSE(table.columns[0].clips.at("a").status.ok());
  EXPECT_NE(ToMarkdown(table).find("| **+0.0** (1 of 2) |"), std::string::npos)
      << ToMarkdown(table);
}

TEST(BdTable, IntervalOverClips) {
  ResultFile anchor = MakeResults("anchor", 1);
  ResultFile test = MakeResults("test", 1.2);
  anchor.clips["c"] = anchor.clips["a"];
  test.clips["c"] = test.clips["a"];
  for (Measurement& m : test.clips["c"].points) m.kbps *= 2;
  const BdTable table = CompareResults(anchor, {test}, {});
  const BdMean& mean = table.columns[0].rate;
  EXPECT_NEAR(mean.value, (20 + 20 + 140) / 3.0, 1e-9);
  EXPECT_NEAR(mean.interval.low, 20, 1e-9);
  EXPECT_NEAR(mean.interval.high, 140, 1e-9);
  EXPECT_NE(ToMarkdown(table).find("| 95 % interval | +20.0 to +140.0 |"), std::string::npos);
}

}  // namespace
}  // namespace furl::eval
