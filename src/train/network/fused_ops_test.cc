#include "train/network/fused_ops.h"

#include <gtest/gtest.h>

#include <vector>

#include "train/base/units.h"
#include "train/network/fused_tensors.h"

namespace furl::train {
namespace {

using fused::Nhwc;

// The fused operators equal the plain ones, forward and backward.
TEST(Fused, BiasAndQuantFollowThePlainOperators) {
  torch::manual_seed(1);
  // Below the upper bound, where the fused relu passes inward gradients as well.
  const auto x = Nhwc(torch::clamp_max(torch::randn({2, 32, 4, 6}) * 2, 3.5)).to(torch::kBFloat16);
  const auto seed = torch::randn({2, 32, 4, 6});
  const auto run = [&](bool fused, int kind, std::vector<Tensor>& grads) {
    auto a = x.clone().set_requires_grad(true);
    auto b = torch::randn({2, 32}, torch::kFloat32).fill_(0.25).set_requires_grad(true);
    auto r = x.to(torch::kFloat32).set_requires_grad(true);
    const auto wide = b.unsqueeze(2).unsqueeze(3);
    Tensor y;
    if (kind == 0) {
      y = fused ? FusedBiasRelu(a, b, false)
                : torch::clamp(a.to(torch::kFloat32) + wide, 0, kU7Max);
    } else if (kind == 1) {
      y = fused ? FusedBiasAdd(a, b, r) : a.to(torch::kFloat32) + wide + r;
    } else {
      y = fused ? FusedQuant(r, 0.5, false) : torch::clamp(r * 0.5, 0, kU7Max);
    }
    (y.to(torch::kFloat32) * seed).sum().backward();
    for (const Tensor& t : {a, b, r}) {
      grads.push_back(t.grad().defined() ? t.grad().to(torch::kFloat32) : torch::zeros({1}));
    }
    return y.to(torch::kFloat32);
  };
  for (int kind = 0; kind < 3; ++kind) {
    std::vector<Tensor> plain, fused;
    EXPECT_TRUE(torch::allclose(run(false, kind, plain), run(true, kind, fused), 1e-2, 1e-2));
    for (size_t i = 0; i < plain.size(); ++i) {
      EXPECT_TRUE(torch::allclose(plain[i], fused[i], 2e-2, 2e-2)) << kind << i;
    }
  }
}

TEST(Fused, ReluPassesInwardGradientsAboveItsBound) {
  auto x = torch::full({1, 16, 1, 1}, 5.0).to(torch::kBFloat16).set_requires_grad(true);
  const auto sign = torch::tensor({1.0F, -1.0F}).repeat({8}).reshape({1, 16, 1, 1});
  const auto y = FusedBiasRelu(x, torch::zeros({1, 16}), false).to(torch::kFloat32);
  EXPECT_TRUE(torch::equal(y, torch::full({1, 16, 1, 1}, kU7Max)));
  (y * sign).sum().backward();
  EXPECT_TRUE(torch::equal(x.grad().to(torch::kFloat32), torch::clamp_min(sign, 0)));
}

}  // namespace
}  // namespace furl::train
