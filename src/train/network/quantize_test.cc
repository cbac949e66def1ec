#include "train/network/quantize.h"

#include <gtest/gtest.h>

namespace furl::train {
namespace {

TEST(Quantize, InwardClampKeepsUsefulGradientsOnly) {
  auto x = torch::tensor({-1.0F, -1.0F, 5.0F, 5.0F}).set_requires_grad(true);
  const auto pull = torch::tensor({-1.0F, 1.0F, 1.0F, -1.0F});  // descent raises, lowers, ...
  (ClampInward(x, 0.0, 4.0) * pull).sum().backward();
  EXPECT_TRUE(torch::equal(x.grad(), torch::tensor({-1.0F, 0.0F, 1.0F, 0.0F})));
}

}  // namespace
}  // namespace furl::train
