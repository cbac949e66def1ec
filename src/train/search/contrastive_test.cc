#include "train/search/contrastive.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "analysis/vector_scan.h"

namespace furl::train {
namespace {

using analysis::kEvenSize;
using analysis::kLookSize;

// Scenes that differ in a tenth of their numbers, and little; what differs from look to look of one
// scene is the rest, a lot.
SceneLooks NoisyScenes(int scenes, int looks, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  SceneLooks data;
  for (int s = 0; s < scenes; ++s) {
    analysis::Look scene = {};
    for (int i = 0; i < kLookSize; i += 10) scene[i] = normal(random);
    for (int l = 0; l < looks; ++l) {
      analysis::Look look;
      const float side = random() % 2 == 0 ? 1.0f : -1.0f;  // or seen in a mirror
      for (int i = 0; i < kLookSize; ++i) {
        const float noise = i % 10 == 0 ? 0.1f : 1.5f;
        look[i] = (scene[i] + noise * normal(random)) * (i < kEvenSize ? 1.0f : side);
      }
      data.looks.push_back(look);
      data.scenes.push_back(s);
    }
  }
  return data;
}

LookWeights Ones() {
  LookWeights ones;
  ones.fill(1);
  return ones;
}

TEST(Contrastive, SimilarityIsThatOfTheScan) {
  const SceneLooks data = NoisyScenes(2, 1, 3);
  analysis::Vector vectors[2];
  Tensor rows = torch::empty({2, kLookSize});
  for (int k = 0; k < 2; ++k) {
    for (int i = 0; i < kLookSize; ++i) {
      vectors[k][i] = static_cast<int8_t>(std::lround(20 * data.looks[k][i]));
      rows[k][i] = static_cast<float>(vectors[k][i]);
    }
  }
  const Tensor similarity = MirrorSimilarity(rows, rows);
  for (int a = 0; a < 2; ++a) {
    for (int b = 0; b < 2; ++b) {
      EXPECT_EQ(similarity[a][b].item<float>(),
                static_cast<float>(analysis::ScoreScalar(vectors[a].data(), vectors[b].data())));
    }
  }
}

TEST(Contrastive, LossIsLessWherePairsAreNearer) {
  const Tensor a = torch::eye(4, kLookSize);
  const Tensor temperature = torch::full({1}, 0.1);
  const Tensor near = ContrastiveLoss(a, a, temperature);
  const Tensor far = ContrastiveLoss(a, a.roll(1, 0), temperature);
  EXPECT_NEAR(near.item<double>(), std::log1p(3 * std::exp(-10.0)), 1e-5);
  EXPECT_NEAR(far.item<double>(), 10 + near.item<double>(), 1e-4);
}

TEST(Contrastive, LearnsWhatTellsScenesApart) {
  const SceneLooks data = NoisyScenes(40, 4, 1);
  const SceneLooks others = NoisyScenes(40, 4, 2);
  const auto all = [](int64_t) { return true; };
  const double before = MeanPrecision(others, Ones(), all);
  ContrastiveOptions options;
  options.steps = 300;
  options.pull = 0.001;
  options.rate = 0.02;
  double first = 0;
  double last = 0;
  const auto weights = TrainWeights(
      data, options, [&](int step, double loss) { (step == 0 ? first : last) = loss; });
  ASSERT_TRUE(weights.ok());
  EXPECT_LT(last, first);
  const double after = MeanPrecision(others, *weights, all);
  EXPECT_LT(before, 0.6);
  EXPECT_GT(after, before + 0.2);
}

TEST(Contrastive, PrecisionCountsPlaces) {
  SceneLooks data;
  // Three looks of one scene, of which the third is farther away than one of another.
  const float angles[] = {0, 0.1f, 0.5f, 0.3f};
  for (int i = 0; i < 4; ++i) {
    analysis::Look look = {};
    look[0] = std::cos(angles[i]);
    look[1] = std::sin(angles[i]);
    data.looks.push_back(look);
    data.scenes.push_back(i < 3 ? 0 : 1);
  }
  const auto all = [](int64_t) { return true; };
  const double first = (1 + 2 / 3.0) / 2;        // places 1 and 3; the second look has the same
  const double third = (1 / 2.0 + 2 / 3.0) / 2;  // places 2 and 3
  EXPECT_NEAR(MeanPrecision(data, Ones(), all), (2 * first + third) / 3, 1e-6);
  EXPECT_EQ(MeanPrecision(data, Ones(), [](int64_t) { return false; }), 0);
}

TEST(Contrastive, NeedsPairs) {
  EXPECT_EQ(TrainWeights(NoisyScenes(5, 1, 1), {}, nullptr).status().code(),
            StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace furl::train
