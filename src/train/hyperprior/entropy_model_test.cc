#include "train/hyperprior/entropy_model.h"

#include <gtest/gtest.h>

#include <cmath>

#include "train/hyperprior/codec_model.h"

namespace furl::train::hyperprior {
namespace {

TEST(Entropy, LaplaceLawSumsToOne) {
  for (const double sigma : {0.1, 0.5, 2.0, 20.0}) {
    const auto decay = torch::full({1}, std::sqrt(2.0) / sigma);
    double sum = 0;
    for (int k = 0; k < 4000; ++k) {
      const double bits =
          LaplaceBits(torch::full({1}, static_cast<float>(k)), decay, kZeroEdge).item<double>();
      sum += (k == 0 ? 1 : 2) * std::exp2(-bits);
    }
    EXPECT_NEAR(sum, 1.0, 2e-3) << sigma;
  }
}

TEST(Entropy, GradientTowardDecayMatchesDifferences) {
  const auto q = torch::tensor({0.0F, 1.0F, -3.0F, 10.0F});
  for (const float a : {0.2F, 1.0F, 4.0F}) {
    auto decay = torch::full({4}, a).set_requires_grad(true);
    SymbolBits(q, q, decay, kZeroEdge).sum().backward();
    const float eps = 1e-2F * a;
    const auto up = LaplaceBits(q.abs(), torch::full({4}, a + eps), kZeroEdge);
    const auto down = LaplaceBits(q.abs(), torch::full({4}, a - eps), kZeroEdge);
    EXPECT_TRUE(torch::allclose(decay.grad(), (up - down) / (2 * eps), 2e-2, 1e-2)) << a;
  }
}

TEST(Entropy, RoundingIsNearestWithoutRateAndShrinksWithIt) {
  const auto value = torch::tensor({0.4F, 0.55F, -0.7F, 2.52F, -7.9F});
  const auto decay = torch::full({5}, 1.5F);
  EXPECT_TRUE(torch::equal(RoundRateDistortion(value, decay, 0.0), torch::round(value)));
  const auto lean = RoundRateDistortion(value, decay, kLagrangian);
  EXPECT_TRUE(torch::equal(lean, torch::tensor({0.0F, 0.0F, -1.0F, 2.0F, -8.0F})));
}

TEST(Entropy, CompandedValuesAreThoseOfTheVaePage) {
  const int expected[] = {0, 24, 38, 48, 56, 62, 67, 72, 76, 80, 83};
  const auto t = Compand(torch::arange(11).to(torch::kFloat32)) * 32;
  for (int i = 0; i < 11; ++i) EXPECT_EQ(t[i].item<float>(), expected[i]) << i;
  EXPECT_EQ(Compand(torch::full({1}, 38.0F)).item<float>() * 32, 127);
}

}  // namespace
}  // namespace furl::train::hyperprior
