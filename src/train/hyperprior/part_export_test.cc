#include "train/hyperprior/part_export.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "train/network/test_recipe.h"

namespace furl::train::hyperprior {
namespace {

// Analysis and synthesis, each rounded well, together lose more than an analysis that knows how
// the synthesis was rounded.
TEST(Export, AnalysisUndoesTheRoundedSynthesis) {
  torch::manual_seed(4);
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "intra.", 3);
  const auto random = torch::randn({kLatentChannels, kLatentChannels}, torch::kFloat64);
  const auto basis = std::get<0>(torch::linalg_qr(random, "reduced"));
  const std::vector<int64_t> shape = {kLatentChannels, kLatentChannels, 1, 1};
  params.Set("intra.analysis.klt.weight", (basis / 16).reshape(shape));
  params.Set("intra.synthesis.klt.weight", (basis.t() * 16).reshape(shape));
  const auto real = [&](const IntegerConv& conv) {
    auto weight = torch::empty({kLatentChannels, kLatentChannels}, torch::kFloat64);
    for (int64_t i = 0; i < weight.numel(); ++i) {
      weight.data_ptr<double>()[i] =
          conv.weight[i] * conv.mult[i / kLatentChannels] / std::exp2(15 + conv.shift);
    }
    return weight;
  };
  const auto convs = QuantizePart(arch, "intra", params);
  const auto synthesis = real(convs.at("intra.synthesis.klt"));
  const auto loss = [&](const IntegerConv& analysis) {
    return (torch::matmul(synthesis, real(analysis)) - torch::eye(kLatentChannels, torch::kFloat64))
        .square()
        .mean()
        .item<double>();
  };
  const auto& nodes = arch.graph("intra.analysis").nodes;
  const auto alone = QuantizeConv(nodes.back(), params.Get("intra.analysis.klt.weight"),
                                  params.Get("intra.analysis.klt.bias"));
  EXPECT_LT(loss(convs.at("intra.analysis.klt")), 0.6 * loss(alone));
}

}  // namespace
}  // namespace furl::train::hyperprior
