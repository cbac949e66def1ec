#include "rd/quality_search.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

namespace furl {
namespace {

using Kind = QualityGoal::Kind;

// An encoder that only says what it would have done.
class FakeEncoder {
 public:
  std::function<double(int)> score = [](int crf) { return 50.0 - 0.45 * crf; };
  std::function<double(int)> rate = [](int crf) { return 20e6 * std::exp2(-crf / 6.0); };

  QualitySearchResult Search(const QualityGoal& goal, const QualityRange& range = {}) {
    crfs.clear();
    auto result = SearchQuality(goal, range, [this](int crf) -> Result<QualityPoint> {
      EXPECT_TRUE(crfs.insert(crf).second) << "crf " << crf << " was measured twice";
      return QualityPoint{crf, score(crf), rate(crf), 0};
    });
    EXPECT_TRUE(result.ok());
    EXPECT_EQ(result->tried.size(), crfs.size());
    EXPECT_LE(crfs.size(), static_cast<size_t>(kMaxTries));
    return *result;
  }

  std::set<int> crfs;
};

TEST(QualitySearchTest, HighestCrfThatReachesAScore) {
  FakeEncoder encoder;
  for (int want = 0; want < 64; ++want) {
    const auto found = encoder.Search({Kind::kDecibels, encoder.score(want) - 0.2});
    EXPECT_TRUE(found.met);
    EXPECT_EQ(found.best.crf, want);
    EXPECT_LE(found.tried.size(), 5u) << want;
  }
}

TEST(QualitySearchTest, ExactlyTheGoalIsEnough) {
  FakeEncoder encoder;
  EXPECT_EQ(encoder.Search({Kind::kDecibels, encoder.score(17)}).best.crf, 17);
  EXPECT_EQ(encoder.Search({Kind::kRate, encoder.rate(17)}).best.crf, 17);
}

TEST(QualitySearchTest, LowestCrfWithinARate) {
  FakeEncoder encoder;
  for (int want = 0; want < 64; ++want) {
    const auto found = encoder.Search({Kind::kRate, encoder.rate(want) * 1.03});
    EXPECT_TRUE(found.met);
    EXPECT_EQ(found.best.crf, want);
    EXPECT_LE(found.tried.size(), 5u) << want;
  }
}

TEST(QualitySearchTest, SimilaritiesAreStraightened) {
  FakeEncoder encoder;
  encoder.score = [](int crf) { return 1 - std::pow(10, -(22 - 0.28 * crf) / 10); };
  for (int want = 0; want < 64; ++want) {
    const auto found = encoder.Search({Kind::kSimilarity, encoder.score(want) - 1e-6});
    EXPECT_EQ(found.best.crf, want);
    EXPECT_LE(found.tried.size(), 6u) << want;
  }
  encoder.score = [](int) { return 1.0; };  // still pictures
  EXPECT_EQ(encoder.Search({Kind::kSimilarity, 1}).best.crf, 63);
}

TEST(QualitySearchTest, UnreachableGoalsGiveTheBestEffort) {
  FakeEncoder encoder;
  auto found = encoder.Search({Kind::kDecibels, 60});
  EXPECT_FALSE(found.met);
  EXPECT_EQ(found.best.crf, 0);
  found = encoder.Search({Kind::kRate, 1000});
  EXPECT_FALSE(found.met);
  EXPECT_EQ(found.best.crf, 63);
  EXPECT_EQ(found.best.bits_per_second, encoder.rate(63));
}

TEST(QualitySearchTest, GoalsThatEverythingMeets) {
  FakeEncoder encoder;
  EXPECT_EQ(encoder.Search({Kind::kDecibels, 5}).best.crf, 63);
  EXPECT_EQ(encoder.Search({Kind::kRate, 1e9}).best.crf, 0);
}

// Cliffs, plateaus and bends: still exact, within the tries of plain bisection.
TEST(QualitySearchTest, AnyMonotoneCurve) {
  const unsigned seed = 7;
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    double scores[64];
    double score = 60;
    for (double& s : scores) {
      s = score;
      const int kind = static_cast<int>(random() % 4);
      score -= kind == 0 ? 0 : kind == 1 ? 0.01 : kind == 2 ? 0.5 : 8.0 * (random() % 100) / 100;
    }
    FakeEncoder encoder;
    encoder.score = [&](int crf) { return scores[crf]; };
    encoder.rate = [&](int crf) { return std::exp2(scores[crf] / 4); };
    const int want = static_cast<int>(random() % 64);
    int highest = want;
    while (highest < 63 && scores[highest + 1] == scores[want]) ++highest;
    EXPECT_EQ(encoder.Search({Kind::kDecibels, scores[want]}).best.crf, highest)
        << "seed " << seed << " round " << round;
    int lowest = want;
    while (lowest > 0 && scores[lowest - 1] == scores[want]) --lowest;
    EXPECT_EQ(encoder.Search({Kind::kRate, encoder.rate(want)}).best.crf, lowest)
        << "seed " << seed << " round " << round;
  }
}

TEST(QualitySearchTest, NoiseCostsAtMostANeighbour) {
  const unsigned seed = 11;
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    double noise[64];
    for (double& n : noise) n = 0.6 * ((random() % 1001) / 500.0 - 1);
    FakeEncoder encoder;
    encoder.score = [&](int crf) { return 50.0 - 0.45 * crf + noise[crf]; };
    const auto found = encoder.Search({Kind::kDecibels, 38});
    ASSERT_TRUE(found.met);
    EXPECT_GE(found.best.score, 38);
    EXPECT_NEAR(found.best.crf, 26, 3) << "seed " << seed << " round " << round;
  }
}

TEST(QualitySearchTest, StaysInItsRange) {
  FakeEncoder encoder;
  const auto found = encoder.Search({Kind::kDecibels, 60}, {20, 30, 32});
  EXPECT_FALSE(found.met);
  EXPECT_EQ(found.best.crf, 20);
  EXPECT_EQ(encoder.Search({Kind::kDecibels, 1}, {20, 30, 32}).best.crf, 30);
  EXPECT_EQ(encoder.Search({Kind::kDecibels, 1}, {20, 20, 32}).best.crf, 20);
  const auto never = [](int) -> Result<QualityPoint> { return InternalError("called"); };
  EXPECT_EQ(SearchQuality({}, {5, 4, 5}, never).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(SearchQuality({Kind::kRate, std::nan("")}, {}, never).status().code(),
            StatusCode::kInvalidArgument);
}

TEST(QualitySearchTest, ErrorsOfTheMeasurementEndIt) {
  int calls = 0;
  const auto failing = [&](int) -> Result<QualityPoint> {
    if (++calls == 2) return Status(StatusCode::kCancelled, "interrupted");
    return QualityPoint{0, 30, 1e6, 0};
  };
  EXPECT_EQ(SearchQuality({Kind::kDecibels, 38}, {}, failing).status().code(),
            StatusCode::kCancelled);
  EXPECT_EQ(calls, 2);
}

TEST(QualitySearchTest, CorrectionFollowsTheMeasuredCurve) {
  // Halves every 4 steps, as measured on samples; the whole takes 30 % more.
  const auto rate = [](int crf) { return 8e6 * std::exp2(-crf / 4.0); };
  const std::vector<QualityPoint> tried = {
      {32, 0, rate(32), 0}, {20, 0, rate(20), 0}, {24, 0, rate(24), 0}};
  const QualityPoint coded = {24, 0, rate(24) * 1.3, 0};
  // 1.3 = 2^0.379: a step and a half.
  EXPECT_EQ(CorrectedCrf(tried, std::span(&coded, 1), rate(24), {}), 26);
  EXPECT_EQ(CorrectedCrf(tried, std::span(&coded, 1), coded.bits_per_second / 2, {}), 28);
  EXPECT_EQ(CorrectedCrf(tried, std::span(&coded, 1), coded.bits_per_second / 8, {}), 36);
  EXPECT_EQ(CorrectedCrf(tried, std::span(&coded, 1), 1, {}), 63);
  // Even a hair above the limit moves on by one.
  EXPECT_EQ(CorrectedCrf(tried, std::span(&coded, 1), coded.bits_per_second * 0.999, {}), 25);
  // Without samples the usual slope: 6 steps per half.
  EXPECT_EQ(CorrectedCrf({}, std::span(&coded, 1), coded.bits_per_second / 2, {}), 30);
}

TEST(QualitySearchTest, CorrectionBelievesTwoWholeEncodesRatherThanParts) {
  // Parts that say next to nothing about the whole.
  const std::vector<QualityPoint> tried = {{32, 0, 2000, 0}, {0, 0, 5000, 0}};
  const std::vector<QualityPoint> coded = {{0, 0, 600e3, 0}, {24, 0, 100e3, 0}};
  const double between = std::sqrt(600e3 * 100e3);
  EXPECT_EQ(CorrectedCrf(tried, coded, between, {}), 12);
  EXPECT_EQ(CorrectedCrf(tried, coded, 100e3, {}), 24);
}

TEST(QualitySearchTest, CorrectionAlsoGoesToBetterQuality) {
  const auto rate = [](int crf) { return 8e6 * std::exp2(-crf / 4.0); };
  const std::vector<QualityPoint> tried = {{32, 0, rate(32), 0}, {20, 0, rate(20), 0}};
  const QualityPoint coded = {24, 0, rate(24) / 2, 0};
  EXPECT_EQ(CorrectedCrf(tried, std::span(&coded, 1), rate(24), {}), 20);
  EXPECT_EQ(CorrectedCrf(tried, std::span(&coded, 1), rate(24) * 0.99, {}), 21)
      << "never above the limit";
  EXPECT_EQ(CorrectedCrf(tried, std::span(&coded, 1), coded.bits_per_second, {}), 24);
  EXPECT_EQ(CorrectedCrf(tried, std::span(&coded, 1), 1e12, {5, 63, 32}), 5);
}

}  // namespace
}  // namespace furl
