#include "train/families/squeeze/squeeze_part.h"

#include <gtest/gtest.h>

#include <string>

#include "codec/families/squeeze/squeeze_family.h"
#include "train/families/squeeze/tile_coding.h"
#include "train/family/test_parts.h"

namespace furl::train::squeeze {
namespace {

// Smooth pictures at all QPs.
Batch MakeBatch(int64_t items, int64_t side) { return SmoothPictures(items, side, kNumQps); }

// A part that has started.
struct Started {
  Architecture arch = RecipeOf("squeeze_t.json");
  ParamStore params{torch::Device("cpu")};
  SqueezePart part;

  explicit Started(const TrainingOptions& options = {}) : part(arch, "intra", options, params) {
    torch::manual_seed(4);
    InitUntrained(part, 3);
    part.Start([] { return MakeBatch(2, 8); });
  }
};

TEST(SqueezePart, StartsAsATransformThatLosesNothing) {
  const Started started;
  torch::NoGradGuard no_grad;
  const auto matrix = [&](const std::string& node) {
    return started.params.Get("intra." + node + ".weight").flatten(1).to(torch::kFloat64);
  };
  const auto block = torch::cat({matrix("analysis.low"), matrix("analysis.detail")}, 0);
  const auto around = torch::matmul(matrix("synthesis.block"), block);
  EXPECT_LT((around - torch::eye(kPackedChannels, torch::kFloat64)).abs().max().item<double>(),
            1e-4);
  const auto tile = torch::matmul(matrix("synthesis.tile"), matrix("analysis.tile"));
  EXPECT_LT((tile - torch::eye(tile.size(0), torch::kFloat64)).abs().max().item<double>(), 1e-4);
}

TEST(SqueezePart, AHigherQpTakesFewerBitsForMoreError) {
  const Started started;
  torch::NoGradGuard no_grad;
  Batch batch = MakeBatch(2, 8);
  double last_rate = 1e9;
  double last_error = 0;
  for (const double qp : {4.0, 24.0, 44.0}) {
    batch.qp.fill_(qp);
    const Loss loss = started.part.Validate(batch, {});
    EXPECT_LT(loss.rate.sum().item<double>(), last_rate) << qp;
    EXPECT_GT(loss.luma_sse.sum().item<double>(), last_error) << qp;
    last_rate = loss.rate.sum().item<double>();
    last_error = loss.luma_sse.sum().item<double>();
  }
}

TEST(SqueezePart, GradientsReachAnalysisAndSynthesisButNotTheTransform) {
  Started started;
  for (const std::string& name : started.part.Frozen()) started.params.SetTrainable(name, false);
  const Loss loss = started.part.Forward(MakeBatch(1, 8), {});
  (loss.rate + loss.distortion).sum().backward();
  for (const char* node : {"analysis.out", "analysis.detail_out", "synthesis.out"}) {
    const auto grad = started.params.Get(std::string("intra.") + node + ".weight").grad();
    ASSERT_TRUE(grad.defined()) << node;
    EXPECT_GT(grad.abs().max().item<double>(), 0) << node;
  }
  EXPECT_FALSE(started.params.Get("intra.analysis.tile.weight").requires_grad());
  EXPECT_FALSE(started.params.Get("intra.scales").requires_grad());
}

TEST(SqueezePart, TheContractiveLossReachesTheAnalysis) {
  Started started;
  ASSERT_TRUE(started.part.SetObjective(Objective({{"contractive", 1.0}, {"mse", 0.0}})).ok());
  Phase phase;
  phase.run.bf16 = true;
  const Loss loss = started.part.Forward(MakeBatch(1, 8), phase);
  loss.distortion.sum().backward();
  const auto grad = started.params.Get("intra.analysis.out.weight").grad();
  ASSERT_TRUE(grad.defined());
  EXPECT_GT(grad.abs().max().item<double>(), 0);
}

TEST(TileCoding, DecodesWithinHalfAStepWhereSymbolsAre) {
  const Started started;
  const codec::Prior prior(LayoutOf(started.arch, "intra"), PriorTablesOf("intra", started.params));
  const auto latent = torch::randn({1, 128, 3, 4}) * 40;
  const auto detail = torch::randn({1, 64, 6, 8}) * 20;
  codec::PriorStatistics statistics(prior.layout());
  const CodedTiles coded = CodeTiles(latent, detail, torch::zeros({1}), prior, &statistics);
  // QP 0 has a step of 2; what the laws hold for unlikely is rounded up to a step off.
  EXPECT_LT((coded.latent - latent).abs().max().item<double>(), 2.0);
  EXPECT_LT((coded.detail - detail).abs().max().item<double>(), 2.0);
  EXPECT_GT(coded.bits.item<double>(), 1000);
}

TEST(SqueezePart, ExportsWhatTheRuntimeComputes) {
  Started intra;
  ParamStore params{torch::Device("cpu")};
  SqueezePart other(intra.arch, "inter", {}, params);
  InitUntrained(other, 5);
  other.Start([] { return MakeBatch(2, 8); });
  const auto next = [] { return MakeBatch(2, 8); };
  const auto model = ExportedModel({{intra.part, next}, {other, next}}, "squeeze_test");
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_LT((*model)->bytes(), 300'000u);
  const auto family = furl::squeeze::CreateFamily(*model);
  EXPECT_TRUE(family.ok()) << family.status().message();
}

}  // namespace
}  // namespace furl::train::squeeze
