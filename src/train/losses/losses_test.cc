#include "train/losses/losses.h"

#include <gtest/gtest.h>

#include <numbers>
#include <set>
#include <string>

#include "train/losses/loss_functions.h"

namespace furl::train {
namespace {

TEST(Losses, NamesStandOnce) {
  std::set<std::string> names;
  for (const LossRow& row : Losses()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(FindLoss(row.name), &row);
    EXPECT_GT(row.unit, 0);
  }
}

TEST(Losses, WeightsAreParsedAndMistakesNamed) {
  const auto weights = ParseLossWeights("mse=1,ms-ssim=0.25");
  ASSERT_TRUE(weights.ok()) << weights.status().message();
  EXPECT_EQ(*weights, (LossWeights{{"mse", 1}, {"ms-ssim", 0.25}}));
  for (const char* wrong : {"mse", "mse=", "mse=1x", "mse=-1", "nothing=1", "mse=nan"}) {
    EXPECT_FALSE(ParseLossWeights(wrong).ok()) << wrong;
  }
  EXPECT_NE(ParseLossWeights("msssim=1").status().message().find("ms-ssim"), std::string::npos);
}

TEST(Losses, KlIsThatOfNormalDistributions) {
  const auto mean = torch::tensor({{0.0F, 0.0F}, {1.0F, 0.0F}, {0.0F, 0.0F}});
  const auto log_variance = torch::tensor({{0.0F, 0.0F}, {0.0F, 0.0F}, {0.0F, std::log(4.0F)}});
  const auto bits = KlLoss({.mean = mean, .log_variance = log_variance});
  EXPECT_NEAR(bits[0].item<double>(), 0, 1e-6);
  EXPECT_NEAR(bits[1].item<double>(), 0.5 / std::numbers::ln2, 1e-6);
  // log(1 / 2) + (4 - 1) / 2 nats.
  EXPECT_NEAR(bits[2].item<double>(), (1.5 - std::log(2.0)) / std::numbers::ln2, 1e-6);
}

TEST(Losses, CommitmentMovesVectorsAndCodebookEntries) {
  const auto vectors = torch::randn({3, 8, 2, 2}).requires_grad_();
  const auto entries = torch::randn({3, 8, 2, 2}).requires_grad_();
  const LossInputs inputs = {.vectors = vectors, .entries = entries};
  const auto distance = (vectors - entries).square().flatten(1).sum(1);
  EXPECT_TRUE(torch::allclose(CommitmentLoss(inputs), distance));
  EXPECT_TRUE(torch::allclose(CodebookLoss(inputs), distance));
  const auto slopes = [&](const Tensor& loss) {
    return torch::autograd::grad({loss.sum()}, {vectors, entries}, {}, false, false, true);
  };
  const auto commitment = slopes(CommitmentLoss(inputs));
  EXPECT_TRUE(torch::allclose(commitment[0], 2 * (vectors - entries)));
  EXPECT_FALSE(commitment[1].defined());
  const auto codebook = slopes(CodebookLoss(inputs));
  EXPECT_FALSE(codebook[0].defined());
  EXPECT_TRUE(torch::allclose(codebook[1], 2 * (entries - vectors)));
}

// Of a linear encoder the Jacobian is its matrix.
TEST(Losses, ContractiveIsTheNormOfTheJacobianAndShrinksTheEncoder) {
  torch::manual_seed(2);
  const auto matrix = torch::randn({5, 7}).requires_grad_();
  const auto seen = torch::randn({4000, 7}).requires_grad_();
  const auto loss = ContractiveLoss({.seen = seen, .code = torch::matmul(seen, matrix.t())});
  ASSERT_EQ(loss.sizes(), torch::IntArrayRef({4000}));
  const double norm = matrix.square().sum().item<double>();
  EXPECT_NEAR(loss.mean().item<double>(), norm, 0.03 * norm);
  const auto slope = torch::autograd::grad({loss.mean()}, {matrix})[0];
  const auto exact = 2 * matrix.detach();
  EXPECT_LT((slope - exact).norm().item<double>(), 0.1 * exact.norm().item<double>());
}

TEST(Losses, ContractiveRefusesWhatCannotLearnIt) {
  const auto seen = torch::randn({2, 3}).requires_grad_();
  EXPECT_THROW(ContractiveLoss({.seen = seen, .code = 3 * seen}), c10::Error);
}

}  // namespace
}  // namespace furl::train
