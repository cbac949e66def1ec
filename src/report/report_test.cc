// What the pages are made of. tests/report drives the pages in a browser.

#include "report/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>

#include "base/file.h"
#include "report/average.h"
#include "report/compare_page.h"
#include "report/page.h"
#include "report/report_data.h"

extern "C" {
#include <libavutil/base64.h>
}

#include "media/libav/libav_util.h"

namespace furl::report {
namespace {

using nlohmann::json;

FramePtr Flat(int width, int height, int bit_depth, std::array<int, 3> values) {
  auto frame = Frame::Create(width, height, bit_depth);
  if (!frame.ok()) return nullptr;
  for (int p = 0; p < 3; ++p) {
    const Plane plane = (*frame)->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      std::fill(plane.row(y), plane.row(y) + plane.width, static_cast<uint16_t>(values[p]));
    }
  }
  return *frame;
}

// A result file of one clip, `rate` kbit/s at 30 dB and twice as much per 3 dB.
json ResultJson(const std::string& name, double rate, int points = 5) {
  json clip = {{"crf", json::array()},
               {"bitrate_kbps", json::array()},
               {"psnr_yuv", json::array()},
               {"ssim_yuv", json::array()}};
  for (int i = 0; i < points; ++i) {
    clip["crf"].push_back(40 - 6 * i);
    clip["bitrate_kbps"].push_back(rate * std::pow(2, i));
    clip["psnr_yuv"].push_back(30 + 3 * i);
    clip["ssim_yuv"].push_back(1 - std::pow(10, -1 - 0.2 * i));
  }
  clip["note"] = "words";
  return {{"name", name},
          {"description", "of " + name},
          {"results", {{"one", clip}, {"two", clip}}},
          {"conditions", {{"level", "crf"}, {"inputs", {{"one", {{"sha256", "ab"}}}}}}},
          {"more", 1}};
}

ResultSet TwoCodecs() {
  ResultSet set;
  set.codecs.push_back(*ParseResults(ResultJson("furl", 80)));
  set.codecs.push_back(*ParseResults(ResultJson("x265-medium", 100)));
  return set;
}

// The picture behind a data URI, with libav's decoder.
media::AvFramePtr DecodeUri(const std::string& uri, AVCodecID id) {
  const std::string text = uri.substr(uri.find(',') + 1);
  const media::AvPacketPtr packet(av_packet_alloc());
  if (av_new_packet(packet.get(), static_cast<int>(text.size())) < 0) return nullptr;
  const int size = av_base64_decode(packet->data, text.c_str(), packet->size);
  if (size <= 0) return nullptr;
  av_shrink_packet(packet.get(), size);
  const media::AvCodecContextPtr context(avcodec_alloc_context3(avcodec_find_decoder(id)));
  media::AvFramePtr frame(av_frame_alloc());
  if (avcodec_open2(context.get(), avcodec_find_decoder(id), nullptr) < 0 ||
      avcodec_send_packet(context.get(), packet.get()) < 0 ||
      avcodec_send_packet(context.get(), nullptr) < 0 ||
      avcodec_receive_frame(context.get(), frame.get()) < 0) {
    return nullptr;
  }
  return frame;
}

TEST(Images, AJpegHasTheColoursOfTheFrame) {
  // Limited-range BT.709 red: R = 255, G = B = 0.
  ColorTags bt709;
  bt709.matrix = 1;
  for (const int depth : {8, 10}) {
    const int unit = 1 << (depth - 8);
    const FramePtr red = Flat(33, 17, depth, {63 * unit, 102 * unit, 240 * unit});
    const auto uri = JpegUri(*red, bt709);
    ASSERT_TRUE(uri.ok()) << uri.status().message();
    ASSERT_EQ(uri->rfind("data:image/jpeg;base64,", 0), 0u);
    const auto picture = DecodeUri(*uri, AV_CODEC_ID_MJPEG);
    ASSERT_NE(picture, nullptr);
    EXPECT_EQ(picture->width, 33);
    EXPECT_EQ(picture->height, 17);
    // Red in JFIF (BT.601, full range).
    EXPECT_NEAR(picture->data[0][5], 76, 3);
    EXPECT_NEAR(picture->data[1][5], 85, 3);
    EXPECT_NEAR(picture->data[2][5], 255, 4);
  }
}

TEST(Images, ACropShowsItsPart) {
  const FramePtr frame = Flat(64, 48, 8, {30, 128, 128});
  for (int y = 16; y < 32; ++y) std::fill_n(frame->plane(0).row(y) + 32, 16, uint16_t{200});
  const auto uri = JpegUri(*frame, {}, {32, 16, 16, 16}, /*full_chroma=*/true);
  ASSERT_TRUE(uri.ok());
  const auto picture = DecodeUri(*uri, AV_CODEC_ID_MJPEG);
  ASSERT_NE(picture, nullptr);
  EXPECT_EQ(picture->width, 16);
  EXPECT_NEAR(picture->data[0][0], (200 - 16) * 255 / 219, 3);
  EXPECT_FALSE(JpegUri(*frame, {}, {50, 0, 16, 16}, true).ok());
  EXPECT_FALSE(JpegUri(*frame, {}, {1, 0, 16, 16}, true).ok());
  EXPECT_FALSE(JpegUri(*frame, {}, {0, 0, 0, 16}, true).ok());
}

TEST(Images, AGreyPngIsExact) {
  std::vector<uint8_t> samples;
  for (int i = 0; i < 7 * 3; ++i) samples.push_back(static_cast<uint8_t>(i * 12));
  const auto uri = GrayPngUri(samples, 7, 3);
  ASSERT_TRUE(uri.ok());
  const auto picture = DecodeUri(*uri, AV_CODEC_ID_PNG);
  ASSERT_NE(picture, nullptr);
  for (int y = 0; y < 3; ++y) {
    EXPECT_EQ(std::memcmp(picture->data[0] + y * picture->linesize[0], &samples[7 * y], 7), 0);
  }
  EXPECT_FALSE(GrayPngUri(samples, 7, 4).ok());
}

TEST(Images, ADifferenceMapHoldsTheLargestDifference) {
  const FramePtr a = Flat(5, 3, 10, {400, 512, 512});
  const FramePtr b = Flat(5, 3, 10, {400, 512, 512});
  b->plane(0).row(2)[4] = 405;  // last column and row alone in their cell
  b->plane(2).row(0)[1] = 500;
  const auto map = DifferenceMap(*a, *b);
  EXPECT_EQ(map, (std::vector<uint8_t>{0, 3, 0, 0, 0, 2}));
}

TEST(Pages, DataCannotBecomeMarkup) {
  const std::string evil = "</script><script>alert(1)</script><!--";
  for (const PageKind kind : {PageKind::kReport, PageKind::kCompare}) {
    const std::string page = BuildPage(kind, evil + "\xff@DATA@", {{"a", evil + "\xff"}});
    EXPECT_EQ(page.find("<script>alert"), std::string::npos);
    EXPECT_EQ(page.find("<!--"), std::string::npos);
    EXPECT_NE(page.find("\\u003c/script>"), std::string::npos);
    // Every mark of the template was filled: library, style and licence are in.
    for (const char* part : {"uPlot (v1.6", "Permission is hereby granted", ".uplot",
                             "onThemeChange", "&lt;/script&gt;"}) {
      EXPECT_NE(page.find(part), std::string::npos) << part;
    }
    for (const char* mark : {"@GENERATOR@", "@TITLE@", "@STYLE@", "@BODY@", "@SCRIPT@"}) {
      EXPECT_EQ(page.find(mark), std::string::npos) << mark;
    }
  }
}

TEST(Results, UnknownColumnsAreKept) {
  json file = ResultJson("furl", 80);
  file["results"]["one"]["speed_of_light"] = {1, 2, nullptr, 4, 5};
  const auto codec = ParseResults(file);
  ASSERT_TRUE(codec.ok()) << codec.status().message();
  const ClipCurve& one = codec->clips.at("one");
  ASSERT_NE(one.column("speed_of_light"), nullptr);
  EXPECT_TRUE(std::isnan((*one.column("speed_of_light"))[2]));
  EXPECT_EQ(one.rest["note"], "words");
  EXPECT_EQ(one.input["sha256"], "ab");
  EXPECT_EQ(codec->rest["more"], 1);
  EXPECT_FALSE(codec->conditions.contains("inputs"));
}

TEST(Results, DamageIsNamed) {
  const auto message = [](const json& root) {
    const auto codec = ParseResults(root);
    return codec.ok() ? "" : codec.status().message();
  };
  json file = ResultJson("furl", 80);
  file["results"]["two"]["psnr_yuv"].push_back(1);
  EXPECT_NE(message(file).find("two: array lengths differ: psnr_yuv"), std::string::npos);
  file = ResultJson("furl", 80);
  file["results"]["one"]["bitrate_kbps"][1] = 0;
  EXPECT_NE(message(file).find("not positive"), std::string::npos);
  file = ResultJson("furl", 80);
  file["results"]["one"].erase("bitrate_kbps");
  EXPECT_NE(message(file).find("bitrate_kbps"), std::string::npos);
  EXPECT_NE(message(json::array()).find("not a result file"), std::string::npos);
  EXPECT_NE(message({{"name", 5}}).find("not a result file"), std::string::npos);
}

TEST(Results, DeepNestingIsRefused) {
  const std::string path = ::testing::TempDir() + "report_nested.json";
  const std::string nested = std::string(200000, '[') + std::string(200000, ']');
  const std::string text =
      R"({"name": "x", "results": {}, "conditions": {"level": "crf", "x": )" + nested + "}}";
  ASSERT_TRUE(WriteFile(path, {reinterpret_cast<const uint8_t*>(text.data()), text.size()}).ok());
  const auto results = ReadResults(std::vector<std::string>{path});
  EXPECT_EQ(results.status().code(), StatusCode::kInvalidStream);
  EXPECT_NE(results.status().message().find("nested too deeply"), std::string::npos);
  std::filesystem::remove(path);
}

TEST(Results, FilesOfOneCodecAreRefusedTwice) {
  const std::string path = ::testing::TempDir() + "report_result.json";
  const std::string text = ResultJson("furl", 80).dump();
  ASSERT_TRUE(WriteFile(path, {reinterpret_cast<const uint8_t*>(text.data()), text.size()}).ok());
  EXPECT_TRUE(ReadResults(std::vector<std::string>{path}).ok());
  EXPECT_EQ(ReadResults(std::vector<std::string>{path, path}).status().code(),
            StatusCode::kInvalidArgument);
  std::filesystem::remove(path);
  EXPECT_EQ(ReadResults(std::vector<std::string>{path}).status().code(), StatusCode::kIo);
}

TEST(Results, SpeedsGoToTheirCodecs) {
  ResultSet set = TwoCodecs();
  const json run = {{"fps", 12.5}, {"cpu_ms_per_frame", 80}, {"peak_bytes", 3 << 20}};
  json file = {{"conditions", {{"threads", 2}}},
               {"codecs",
                {{"furl", {{"clips", {{"one", {{"encode", run}, {"decode", run}}}}}}},
                 {"unknown", {{"clips", json::object()}}}}}};
  ASSERT_TRUE(AddSpeed(file, &set).ok());
  EXPECT_EQ(set.codecs[0].speed["one"]["encode_fps"], 12.5);
  EXPECT_EQ(set.codecs[0].speed["one"]["decode_peak_mib"], 3);
  EXPECT_TRUE(set.codecs[1].speed.empty());
  EXPECT_EQ(set.speed_conditions["threads"], 2);
  EXPECT_TRUE(set.speed_notices.empty());
  // Of another encoder than the curves.
  set.codecs[0].conditions["settings"] = {{"preset", "medium"}, {"model_id", "12"}};
  file["codecs"]["furl"]["settings"] = {{"preset", "medium"}, {"model_id", "34"}};
  ASSERT_TRUE(AddSpeed(file, &set).ok());
  ASSERT_EQ(set.speed_notices.size(), 1u);
  EXPECT_EQ(set.speed_notices[0],
            "furl: speed was measured with model 34 instead of 12, which the curves are of");
  file["codecs"]["furl"]["clips"]["one"].erase("decode");
  EXPECT_EQ(AddSpeed(file, &set).code(), StatusCode::kInvalidStream);
}

TEST(Data, BdRateIsThatOfTheCurves) {
  const ResultSet set = TwoCodecs();
  const auto scores = FindScores(set);
  ASSERT_EQ(scores.size(), 2u);
  EXPECT_EQ(scores[0].title, "PSNR (6Y+U+V)/8");
  EXPECT_TRUE(scores[1].similarity);
  const auto bd = BdJson(set, scores);
  // 80 instead of 100 kbit/s at every quality.
  for (const char* score : {"psnr_yuv", "ssim_yuv"}) {
    const auto& cell = bd[score]["x265-medium"]["furl"];
    EXPECT_NEAR(cell["mean"].get<double>(), -20, 1e-3);
    EXPECT_EQ(cell["count"], 2);
    EXPECT_NEAR(cell["akima"]["value"].get<double>(), -20, 1e-3);
    EXPECT_EQ(cell["quality"]["count"], 2);
    EXPECT_NEAR(bd[score]["furl"]["x265-medium"]["mean"].get<double>(), 25, 1e-3);
  }
  const auto& one = bd["psnr_yuv"]["furl"]["x265-medium"]["clips"]["one"];
  EXPECT_NEAR(one[1].get<double>(), 30, 1e-3);
  EXPECT_EQ(one[4], 5);
  EXPECT_EQ(one[5], 5);
  // 3 dB per doubling of the rate.
  EXPECT_NEAR(bd["psnr_yuv"]["x265-medium"]["furl"]["quality"]["value"].get<double>(),
              3 * std::log2(1.25), 1e-3);
}

TEST(Data, TheSmallestOverlapIsTheCallers) {
  ResultSet set = TwoCodecs();
  // Of 12 dB 9 are shared.
  for (auto& [name, clip] : set.codecs[0].clips) {
    for (double& quality : clip.columns["psnr_yuv"]) quality += 3;
  }
  const auto scores = FindScores(set);
  const auto mean = [&](double overlap) {
    return BdJson(set, scores, overlap)["psnr_yuv"]["x265-medium"]["furl"]["mean"];
  };
  EXPECT_TRUE(mean(0.7).is_number());
  EXPECT_TRUE(mean(0.8).is_null());
}

// Two neighbouring levels that gave the same stream are one point, not a curve that
// doesn't rise.
TEST(Data, LevelsOfOneStreamAreOnePoint) {
  json twice = ResultJson("x265-medium", 100);
  for (auto& [name, clip] : twice["results"].items()) {
    for (auto& [column, values] : clip.items()) {
      if (values.is_array()) values.insert(values.begin() + 2, values[2]);
    }
    clip["crf"][2] = 29;
  }
  ResultSet set = TwoCodecs();
  set.codecs[1] = *ParseResults(twice);
  const auto scores = FindScores(set);
  EXPECT_EQ(RdCurve(set.codecs[1].clips.at("one"), scores[0]).size(), 5u);
  EXPECT_EQ(BdJson(set, scores), BdJson(TwoCodecs(), scores));
  EXPECT_EQ(AverageJson(set, scores), AverageJson(TwoCodecs(), scores));
}

TEST(Data, CurvesThatCannotBeComparedSayWhy) {
  ResultSet set = TwoCodecs();
  set.codecs[0].clips["one"].input["sha256"] = "cd";
  set.codecs[0].clips["two"].columns["psnr_yuv"].assign(5, 70);
  const auto bd = BdJson(set, FindScores(set));
  const auto& cell = bd["psnr_yuv"]["x265-medium"]["furl"];
  EXPECT_NE(cell["clips"]["one"].get<std::string>().find("different input"), std::string::npos);
  EXPECT_TRUE(cell["clips"]["two"].is_string());
  EXPECT_TRUE(cell["mean"].is_null());
}

TEST(Data, AveragesAreAtEqualQuality) {
  ResultSet set = TwoCodecs();
  // Other levels, four times the rate, 3 dB less range: log rate stays linear in quality.
  ClipCurve& two = set.codecs[0].clips["two"];
  for (double& rate : two.columns["bitrate_kbps"]) rate *= 4;
  for (auto& [name, column] : two.columns) column.pop_back();
  two.levels.pop_back();
  const auto average = AverageJson(set, FindScores(set))["psnr_yuv"];
  ASSERT_EQ(average["clips"].size(), 2u);
  const auto& furl = average["codecs"]["furl"];
  const auto& x265 = average["codecs"]["x265-medium"];
  EXPECT_EQ(furl["score"], x265["score"]);
  EXPECT_NEAR(furl["score"][0].get<double>(), 30, 1e-6);
  EXPECT_NEAR(furl["score"][kAveragePoints - 1].get<double>(), (42 + 39) / 2.0, 1e-6);
  EXPECT_NEAR(furl["bitrate_kbps"][0].get<double>(), 160, 0.01);
  EXPECT_NEAR(x265["bitrate_kbps"][0].get<double>(), 100, 0.01);
  EXPECT_NEAR(x265["bitrate_kbps"][kAveragePoints - 1].get<double>(), 100 * std::pow(2, 3.5), 0.1);
  EXPECT_FALSE(furl.contains("bpp"));
}

TEST(Data, AveragesLeaveOutWhatCannotBeCompared) {
  ResultSet set = TwoCodecs();
  set.codecs[0].clips["three"] = set.codecs[0].clips["one"];  // the other lacks it
  EXPECT_EQ(AverageJson(set, FindScores(set))["psnr_yuv"]["clips"].size(), 2u);
  set.codecs[1].clips["one"].columns["psnr_yuv"][2] = 50;  // falls
  const auto average = AverageJson(set, FindScores(set));
  EXPECT_FALSE(average.contains("psnr_yuv"));
  EXPECT_TRUE(average.contains("ssim_yuv"));
}

TEST(Strips, LevelsAreInterpolatedInTheLogarithmOfTheRate) {
  const ClipCurve curve = ParseResults(ResultJson("furl", 100))->clips.at("one");
  EXPECT_NEAR(LevelAtRate(curve, 100), 40, 1e-9);
  EXPECT_NEAR(LevelAtRate(curve, 100 * std::sqrt(2.0)), 37, 1e-9);
  EXPECT_NEAR(LevelAtRate(curve, 1), 40, 1e-9);
  EXPECT_NEAR(LevelAtRate(curve, 1e9), 16, 1e-9);
}

TEST(Strips, TheCropIsWhereErrorsAre) {
  const FramePtr original = Flat(101, 75, 8, {100, 128, 128});
  const FramePtr decoded = Flat(101, 75, 8, {100, 128, 128});
  for (int y = 40; y < 44; ++y) std::fill_n(decoded->plane(0).row(y) + 70, 4, uint16_t{180});
  const Rect crop = HardestCrop(*original, {decoded}, 32, 32);
  EXPECT_EQ(crop.width, 32);
  EXPECT_TRUE(crop.x <= 70 && crop.x + 32 >= 74 && crop.y <= 40 && crop.y + 32 >= 44);
  EXPECT_TRUE(crop.x + crop.width <= 101 && crop.y + crop.height <= 75);
  const Rect whole = HardestCrop(*original, {decoded}, 320, 240);
  EXPECT_TRUE(whole.x == 0 && whole.y == 0 && whole.width == 101 && whole.height == 75);
}

TEST(Report, RefusesWhatItCannotShow) {
  const std::string path = ::testing::TempDir() + "report_refused.html";
  EXPECT_EQ(WriteReport(path, {}).code(), StatusCode::kInvalidArgument);
  ReportOptions options;
  options.anchor = "nobody";
  EXPECT_EQ(WriteReport(path, TwoCodecs(), options).code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(WriteReport("/nowhere/at/all.html", TwoCodecs()).code(), StatusCode::kIo);
}

ComparePage PageOf(int frames, int worst, int64_t bytes) {
  ComparePageOptions options;
  options.picture_bytes = bytes;
  ComparePage page(options);
  const FramePtr frame = Flat(64, 64, 8, {90, 128, 128});
  for (int i = 0; i < frames; ++i) {
    PlaneScores scores;
    scores.yuv = i == worst ? 20 : 40;
    EXPECT_TRUE(page.Add({*frame, *frame, i / 25.0, i, i}, {{FindMetric("psnr"), scores}}).ok());
  }
  return page;
}

TEST(Compare, PicturesStayWithinTheirBytes) {
  EXPECT_EQ(PageOf(20, 7, 1 << 30).pictures(), 20);
  const FramePtr frame = Flat(64, 64, 8, {90, 128, 128});
  const auto one = JpegUri(*frame, {});
  ASSERT_TRUE(one.ok());
  const auto limit = static_cast<int64_t>(one->size() * 2 + 400) * 6;
  const ComparePage page = PageOf(20, 7, limit);
  EXPECT_GT(page.picture_step(), 1);
  EXPECT_GE(page.pictures(), 3);
  EXPECT_LE(page.pictures(), 6);
  // However little is allowed, the worst one is there.
  const ComparePage least = PageOf(20, 7, 1);
  EXPECT_EQ(least.pictures(), 1);
  const std::string path = ::testing::TempDir() + "compare_least.html";
  ASSERT_TRUE(least.Write(path, {}).ok());
  const auto bytes = ReadFile(path, size_t{1} << 24);
  ASSERT_TRUE(bytes.ok());
  EXPECT_NE(std::string(bytes->begin(), bytes->end()).find("\"pictures\":[{\"pair\":7,"),
            std::string::npos);
  std::filesystem::remove(path);
}

TEST(Compare, RefusesPairsThatDontFit) {
  ComparePage page({});
  const FramePtr a = Flat(64, 64, 8, {90, 128, 128});
  const FramePtr b = Flat(64, 62, 8, {90, 128, 128});
  const FramePtr deep = Flat(64, 64, 10, {90, 128, 128});
  const ComparePage::Scores one = {{FindMetric("psnr"), {}}};
  const ComparePage::Scores two = {{FindMetric("psnr"), {}}, {FindMetric("ssim"), {}}};
  const std::string path = ::testing::TempDir() + "furl_one_pair.html";
  EXPECT_FALSE(page.Add({*a, *b, 0, 0, 0}, two).ok());
  EXPECT_FALSE(page.Add({*a, *deep, 0, 0, 0}, two).ok());
  EXPECT_FALSE(page.Add({*a, *a, 0, 0, 0}, {}).ok());
  EXPECT_FALSE(page.Write(path, {}).ok());
  // What was refused left nothing behind: a page of one pair and one metric.
  EXPECT_TRUE(page.Add({*a, *a, 0, 0, 0}, one).ok());
  EXPECT_FALSE(page.Add({*b, *b, 0, 1, 1}, one).ok());
  EXPECT_FALSE(page.Add({*a, *a, 0, 1, 1}, two).ok());
  ASSERT_TRUE(page.Write(path, {}).ok());
  const auto bytes = ReadFile(path, 64 << 20).value();
  const std::string text(bytes.begin(), bytes.end());
  EXPECT_NE(text.find("\"times\":[0.0],"), std::string::npos);
  EXPECT_EQ(text.find("\"name\":\"ssim\""), std::string::npos);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace furl::report
