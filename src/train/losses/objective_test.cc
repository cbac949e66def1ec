#include "train/losses/objective.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"
#include "train/losses/test_pictures.h"

namespace furl::train {
namespace {

LossInputs Inputs() {
  torch::manual_seed(4);
  const auto luma = TestPlanes(2, 1, 64);
  const auto chroma = TestPlanes(2, 2, 32);
  return {.decoded = PackPicture(Coarse(luma), Coarse(chroma)).requires_grad_(),
          .original = PackPicture(luma, chroma)};
}

TEST(Objective, SquaredErrorAloneIsTheErrorToTheBit) {
  const LossInputs inputs = Inputs();
  const ObjectiveValue value = Objective().Evaluate(inputs);
  EXPECT_TRUE(torch::equal(value.sum, SquaredError(inputs)));
  EXPECT_TRUE(value.parts.empty()) << "a single part says nothing new";
  EXPECT_FALSE(value.critic.defined());
}

TEST(Objective, WeightsMultiplyUnitsAndPartsAreNamed) {
  const LossInputs inputs = Inputs();
  const ObjectiveValue value =
      Objective({{"mse", 0.5}, {"ms-ssim", 0.25}, {"l1", 0}}).Evaluate(inputs);
  const auto expected = 0.5 * SquaredError(inputs) + 0.25 * 1800 * MsSsimLoss(inputs);
  EXPECT_TRUE(torch::allclose(value.sum, expected));
  ASSERT_EQ(value.parts.size(), 2U);
  EXPECT_TRUE(torch::allclose(value.parts.at("ms-ssim"), MsSsimLoss(inputs)));
  EXPECT_FALSE(value.parts.at("mse").requires_grad());
}

// The units are there so that weights compare.
TEST(Objective, LossesOfPicturesAreOfOneSize) {
  const LossInputs inputs = Inputs();
  const double mse = SquaredError(inputs).sum().item<double>();
  for (const char* name : {"ssim", "ms-ssim"}) {
    const double value = Objective({{name, 1.0}}).Evaluate(inputs).sum.sum().item<double>();
    EXPECT_GT(value, mse / 5) << name;
    EXPECT_LT(value, mse * 5) << name;
  }
}

std::shared_ptr<Critic> MakeCritic(CriticLaw law) {
  return std::make_shared<Critic>(law, 8, torch::Device("cpu"), 3);
}

TEST(Objective, CriticsJudgeInTrainingOnly) {
  const LossInputs inputs = Inputs();
  const LossWeights weights = {{"mse", 1}, {"hinge", 2}, {"feature-matching", 3}};
  EXPECT_TRUE(NeedsCritic(weights));
  EXPECT_FALSE(NeedsCritic({{"mse", 1}, {"hinge", 0}}));
  const Objective objective(weights, MakeCritic(CriticLawOf(weights)));
  EXPECT_EQ(objective.Evaluate(inputs).parts.size(), 3U);
  torch::NoGradGuard no_grad;
  const ObjectiveValue validated = objective.Evaluate(inputs);
  EXPECT_TRUE(torch::equal(validated.sum, SquaredError(inputs)));
  EXPECT_FALSE(validated.critic.defined());
}

TEST(Objective, GradientsReachEitherPicturesOrCritic) {
  const LossInputs inputs = Inputs();
  const auto critic = MakeCritic(CriticLaw::kHinge);
  const ObjectiveValue value =
      Objective({{"hinge", 1}, {"feature-matching", 1}}, critic).Evaluate(inputs);
  std::vector<Tensor> all = critic->params().Trainable();
  const size_t own = all.size();
  all.push_back(inputs.decoded);
  const auto slopes = [&](const Tensor& of) {
    return torch::autograd::grad({of.sum()}, all, {}, false, false, /*allow_unused=*/true);
  };
  const auto pictures = slopes(value.sum);
  const auto judge = slopes(value.critic);
  for (size_t i = 0; i < own; ++i) {
    EXPECT_FALSE(pictures[i].defined());
    EXPECT_TRUE(judge[i].defined());
  }
  EXPECT_GT(pictures[own].norm().item<double>(), 0);
  EXPECT_FALSE(judge[own].defined());
}

// A critic that descends learns to tell coarse pictures from originals.
TEST(Objective, CriticsLearn) {
  for (const CriticLaw law : {CriticLaw::kHinge, CriticLaw::kLeastSquares}) {
    const LossInputs inputs = Inputs();
    const auto critic = MakeCritic(law);
    const auto weights = critic->params().Trainable();
    torch::optim::Adam optimizer(weights, torch::optim::AdamOptions(2e-3));
    const double before = critic->Loss(inputs.decoded, inputs.original).mean().item<double>();
    for (int i = 0; i < 60; ++i) {
      optimizer.zero_grad();
      critic->Loss(inputs.decoded, inputs.original).mean().backward();
      optimizer.step();
    }
    const double after = critic->Loss(inputs.decoded, inputs.original).mean().item<double>();
    EXPECT_LT(after, 0.5 * before);
    const auto mean = [&](const Tensor& x) { return critic->Judge(x).score.mean().item<double>(); };
    EXPECT_GT(mean(inputs.original), mean(inputs.decoded));
  }
}

TEST(Objective, ACriticLeavesTheRandomNumbersAlone) {
  torch::manual_seed(1);
  const auto without = torch::rand({4});
  torch::manual_seed(1);
  MakeCritic(CriticLaw::kHinge);
  EXPECT_TRUE(torch::equal(torch::rand({4}), without));
}

}  // namespace
}  // namespace furl::train
