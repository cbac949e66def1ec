#include "train/hyperprior/codec_model.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "train/losses/loss_functions.h"
#include "train/network/fused_tensors.h"
#include "train/network/test_recipe.h"

namespace furl::train::hyperprior {
namespace {

using fused::Nhwc;

TEST(Fused, WholeModelFollowsThePlainPath) {
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "intra.", 3);
  CodecModel model(arch, "intra", params);
  model.InitEntropy();
  Batch batch;
  batch.original = Nhwc(torch::rand({3, kPackedChannels, 16, 16}) * 8);
  batch.pred = torch::full_like(batch.original, 4.0);
  batch.qp = torch::tensor({10.0F, 30.0F, 50.0F});
  ForwardOptions options;
  options.run.bf16 = true;
  const auto fused = model.Run(batch, options);
  options.keep_symbols = true;  // takes the plain step
  const auto plain = model.Run(batch, options);
  EXPECT_TRUE(torch::allclose(fused.bits, plain.bits, 1e-2)) << fused.bits << plain.bits;
  const auto error = [&](const Forwarded& out) {
    return SquaredError({.decoded = out.recon, .original = batch.original});
  };
  EXPECT_TRUE(torch::allclose(error(fused), error(plain), 1e-2)) << error(fused) << error(plain);
  const auto& weight = params.Get("intra.prior_8.scale.weight");
  const auto a = torch::autograd::grad({fused.bits.sum()}, {weight})[0];
  const auto b = torch::autograd::grad({plain.bits.sum()}, {weight})[0];
  EXPECT_LT((a - b).norm().item<double>(), 0.02 * b.norm().item<double>());
}

// A transform made with the weights of samples needs no steps of its own; where a latent's basis
// function is longer, the same step of it would be a larger error.
TEST(Codec, StepsMakeErrorsOfAllLatentsWeighAlike) {
  ParamStore params{torch::Device("cpu")};
  const auto random = torch::randn({kLatentChannels, kLatentChannels}, torch::kFloat64);
  const auto orthonormal = std::get<0>(torch::linalg_qr(random, "reduced"));
  auto synthesis = 16 * orthonormal / SampleWeights().unsqueeze(1);
  const std::string name = "intra.synthesis.klt.weight";
  const auto set = [&] {
    params.Set(name, synthesis.to(torch::kFloat32).reshape({kLatentChannels, -1, 1, 1}));
  };
  set();
  EXPECT_LT((RelativeSteps(params, "intra") - 1).abs().max().item<float>(), 1e-5F);
  synthesis.select(1, 7).mul_(2);
  synthesis.select(1, 9).zero_();
  set();
  const auto steps = RelativeSteps(params, "intra");
  EXPECT_NEAR(steps[7].item<float>(), 0.5F, 1e-5F);
  EXPECT_NEAR(steps[8].item<float>(), 1.0F, 1e-5F);
  EXPECT_EQ(steps[9].item<float>(), 16.0F);
}

}  // namespace
}  // namespace furl::train::hyperprior
