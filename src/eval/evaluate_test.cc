// Searching levels, the cache and whole evaluations, with a made-up codec.

#include "eval/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <vector>

#include "eval/eval_test_util.h"
#include "eval/level_search.h"
#include "eval/results/point_cache.h"

namespace furl::eval {
namespace {

namespace fs = std::filesystem;

// A folder of this test, empty at its start and gone after it.
class EvaluateTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "furl_evaluate_test";
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream clip(folder_ + "/clip.y4m", std::ios::binary);
    clip << "YUV4MPEG2 W32 H32 F25:1 Ip A1:1 C420jpeg\n";
    for (int i = 0; i < 3; ++i) {
      clip << "FRAME\n";
      for (int k = 0; k < 32 * 32 * 3 / 2; ++k) clip << static_cast<char>(60 + (k * 7 + i) % 100);
    }
    codecs_.push_back(std::make_unique<FakeCodec>("anchor"));
    codecs_.push_back(std::make_unique<FakeCodec>("half", 0.5));
    settings_.metrics = {FindMetric("psnr")};
    settings_.out = folder_ + "/out";
    settings_.cache = folder_ + "/cache";
  }
  void TearDown() override { fs::remove_all(folder_); }

  Result<EvalResults> Run() { return Evaluate(codecs_, {folder_ + "/clip.y4m"}, settings_); }
  int Encodes() const {
    int sum = 0;
    for (const CodecPtr& codec : codecs_) sum += static_cast<const FakeCodec&>(*codec).encodes;
    return sum;
  }

  std::string folder_;
  std::vector<CodecPtr> codecs_;
  EvalSettings settings_;
};

TEST(LevelSearch, MeetsTargetsOnASmoothCurveInFewTries) {
  const LevelScale scale = {"crf", 0, 63, 0.5, {10, 50}};
  int tries = 0;
  const LevelSearch::QualityAt quality_at = [&](double level) -> Result<double> {
    ++tries;
    return 50 - 0.3 * level - 0.002 * level * level;
  };
  LevelSearch search(scale, quality_at);
  for (const double target : EvenTargets(46, 30, 6)) {
    auto level = search.Find(target, 0.4);
    ASSERT_TRUE(level.ok());
    EXPECT_NEAR(quality_at(*level).value(), target, 0.4);
    --tries;
  }
  EXPECT_LE(tries, 11);
}

TEST(LevelSearch, EndsAtTheEncodersRangeAndOnCoarseSteps) {
  const LevelScale scale = {"qscale", 1, 31, 1, {2, 30}};
  const LevelSearch::QualityAt quality_at = [](double level) -> Result<double> {
    return 40 - 6 * std::log2(level);
  };
  LevelSearch search(scale, quality_at);
  EXPECT_EQ(search.Find(60, 0.1).value(), 1);
  EXPECT_EQ(search.Find(0, 0.1).value(), 31);
  EXPECT_EQ(search.Find(36, 0.1).value(), 2) << "between 40 and 34 the nearer";
}

TEST(LevelSearch, SurvivesCurvesThatDontFall) {
  const LevelScale scale = {"crf", 0, 63, 1, {10, 50}};
  int tries = 0;
  const LevelSearch::QualityAt flat = [&](double) -> Result<double> {
    ++tries;
    return 35.0;
  };
  LevelSearch search(scale, flat);
  EXPECT_TRUE(FindLevels(&search, EvenTargets(40, 30, 6)).ok());
  EXPECT_LE(tries, 60);
  const LevelSearch::QualityAt wavy = [&](double level) -> Result<double> {
    return 50 - 0.3 * level + 3 * std::sin(level);
  };
  LevelSearch wavy_search(scale, wavy);
  EXPECT_TRUE(FindLevels(&wavy_search, EvenTargets(45, 33, 6)).ok());
}

TEST_F(EvaluateTest, CurvesCoverTheSameQualities) {
  auto files = Run();
  ASSERT_TRUE(files.ok()) << files.status().message();
  ASSERT_EQ(files->files.size(), 2u);
  EXPECT_TRUE(files->failure.ok());
  for (const ResultFile& file : files->files) {
    const ClipResult& clip = file.clips.at("clip");
    ASSERT_GE(clip.points.size(), 5u) << file.name;
    ASSERT_EQ(clip.targets.size(), 6u);
    EXPECT_EQ(clip.frames, 3);
    const double step = clip.targets[0] - clip.targets[1];
    EXPECT_NEAR(CurveQuality(clip.points.front(), "psnr"), clip.targets.front(), step);
    EXPECT_NEAR(CurveQuality(clip.points.back(), "psnr"), clip.targets.back(), step);
    auto written = ReadResultFile(settings_.out + "/" + file.name + ".json");
    ASSERT_TRUE(written.ok());
    EXPECT_EQ(ToJson(*written), ToJson(file));
  }
  auto rate =
      BdRate(RdCurve(files->files[0].clips.at("clip")), RdCurve(files->files[1].clips.at("clip")));
  ASSERT_TRUE(rate.ok()) << rate.status().message();
  EXPECT_NEAR(rate->value, -50, 0.5);  // the two have other points of one curve
}

TEST_F(EvaluateTest, AnInterruptedRunContinues) {
  int points = 0;
  settings_.on_point = [&](const PointEvent&) { ++points; };
  settings_.cancelled = [&] { return points >= 4; };
  EXPECT_EQ(Run().status().code(), StatusCode::kCancelled);
  EXPECT_EQ(points, 4);
  const int before = Encodes();
  settings_.cancelled = nullptr;
  int cached = 0;
  settings_.on_point = [&](const PointEvent& event) { cached += event.cached; };
  auto files = Run();
  ASSERT_TRUE(files.ok()) << files.status().message();
  EXPECT_EQ(cached, 4);
  const int all = Encodes();
  auto again = Run();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(Encodes(), all) << "the second run measured something";
  EXPECT_GT(all, before);
  for (size_t i = 0; i < files->files.size(); ++i)
    EXPECT_EQ(ToJson(again->files[i]), ToJson(files->files[i]));
}

TEST_F(EvaluateTest, TheCacheForgetsOtherSettingsAndDamagedFiles) {
  settings_.levels = {10, 20, 30};
  ASSERT_TRUE(Run().ok());
  const int first = Encodes();
  EXPECT_EQ(first, 6);
  settings_.frames = 2;
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Encodes(), 2 * first);
  settings_.metrics = {FindMetric("psnr"), FindMetric("ssim")};
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Encodes(), 3 * first);
  settings_.metrics = {FindMetric("psnr")};
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Encodes(), 3 * first) << "points with more metrics serve fewer";
  for (const auto& entry : fs::directory_iterator(settings_.cache)) {
    fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
  }
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Encodes(), 4 * first);
}

TEST_F(EvaluateTest, TheCacheForgetsScoresOfOtherDefinitions) {
  settings_.levels = {10, 20, 30};
  settings_.metrics = {FindMetric("psnr"), FindMetric("ssim")};
  ASSERT_TRUE(Run().ok());
  const int first = Encodes();
  for (const auto& entry : fs::directory_iterator(settings_.cache)) {
    auto json = nlohmann::ordered_json::parse(std::ifstream(entry.path()));
    ASSERT_EQ(json["metrics"]["ssim"], FindMetric("ssim")->definition);
    json["metrics"]["ssim"] = "something else";
    std::ofstream(entry.path()) << json;
  }
  settings_.metrics = {FindMetric("psnr")};
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Encodes(), first);
  settings_.metrics = {FindMetric("psnr"), FindMetric("ssim")};
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(Encodes(), 2 * first);
}

// Scores frame i with 90 - i.
class FakeMeter : public SequenceMeter {
 public:
  Status Add(const Frame& original, const Frame& decoded) override {
    EXPECT_EQ(original.width(), decoded.width());
    ++pairs_;
    return OkStatus();
  }
  Result<SequenceScores> Finish() override {
    SequenceScores scores{{}, "9.8"};
    for (int i = 0; i < pairs_; ++i) scores.frames.push_back(90 - i);
    return scores;
  }

 private:
  int pairs_ = 0;
};

TEST_F(EvaluateTest, AProgramsScoresStandBesideOurs) {
  settings_.levels = {10, 20, 30};
  settings_.metrics = {FindAnyMetric("vmaf"), FindMetric("psnr")};
  ASSERT_EQ(Run()->failure.code(), StatusCode::kInvalidArgument) << "nothing measures it";
  int meters = 0;
  const auto start = [&](const media::VideoInfo& video) -> Result<std::unique_ptr<SequenceMeter>> {
    EXPECT_EQ(video.width, 32);
    ++meters;
    return std::unique_ptr<SequenceMeter>(std::make_unique<FakeMeter>());
  };
  settings_.foreign = {{FindAnyMetric("vmaf"), "/bin/vmaf", start}};
  const auto measured = Run();
  ASSERT_TRUE(measured.ok() && measured->failure.ok());
  EXPECT_EQ(meters, 6);
  const MetricScores& scores = measured->files[0].clips.at("clip").points[0].scores.at("vmaf");
  EXPECT_EQ(scores.mean.yuv, 89);
  EXPECT_EQ(scores.worst_frame, 2);
  EXPECT_EQ(scores.version, "9.8");
  const auto json = ToJson(measured->files[0]);
  EXPECT_FALSE(json["results"]["clip"].contains("vmaf_yuv")) << "it knows no planes";
  const auto read = ReadResultFile(settings_.out + "/anchor.json");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(ToJson(*read), json);

  // Other metrics are measured without the program, and its scores stay.
  settings_.foreign.clear();
  settings_.metrics = {FindMetric("ssim")};
  ASSERT_TRUE(Run()->failure.ok());
  const int encodes = Encodes();
  settings_.metrics = {FindMetric("ssim"), FindAnyMetric("vmaf")};
  ASSERT_TRUE(Run()->failure.ok());
  EXPECT_EQ(Encodes(), encodes);
}

TEST_F(EvaluateTest, OneFailureDoesNotStopTheOthers) {
  codecs_.insert(codecs_.begin() + 1, std::make_unique<FakeCodec>("lossy", 1, /*loses=*/true));
  std::string told;
  settings_.notice = [&](const std::string& text) { told += text; };
  const auto files = Run();
  ASSERT_TRUE(files.ok()) << files.status().message();
  EXPECT_EQ(files->failure.code(), StatusCode::kInternal);
  EXPECT_EQ(files->files[2].clips.count("clip"), 1u);
  EXPECT_NE(told.find("lossy on clip: decoded 2 of 3 frames"), std::string::npos) << told;
  EXPECT_TRUE(ReadResultFile(settings_.out + "/half.json").ok());
  EXPECT_FALSE(fs::exists(settings_.out + "/lossy.json"));
}

TEST_F(EvaluateTest, LevelsOutsideTheEncodersRange) {
  settings_.levels = {10, 41};
  const auto files = Run();
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->failure.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(files->failure.message(), "anchor on clip: crf 41 is not between 0 and 40");
}

TEST_F(EvaluateTest, BadInputsAreNamed) {
  EXPECT_EQ(Evaluate(codecs_, {folder_ + "/none.mkv"}, settings_).status().code(), StatusCode::kIo);
  const std::string clip = folder_ + "/clip.y4m";
  EXPECT_EQ(Evaluate(codecs_, {clip, clip}, settings_).status().code(),
            StatusCode::kInvalidArgument);
  settings_.out = clip + "/out";
  EXPECT_EQ(Evaluate(codecs_, {clip}, settings_).status().code(), StatusCode::kIo);
}

}  // namespace
}  // namespace furl::eval
