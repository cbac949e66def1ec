#include "train/klt.h"

#include <cmath>

namespace furl::train {
namespace {

using torch::indexing::Slice;

constexpr int kBlockDims = 4 * kPackedChannels;

// [384] of 1 for luma and 1.25 for chroma samples, in packed order.
Tensor SampleWeights() {
  auto one = torch::ones({kPackedChannels}, torch::kFloat64);
  one.index_put_({Slice(64, kPackedChannels)}, std::sqrt(kChromaWeight));
  return one.repeat({4});
}

}  // namespace

void InitKlt(const std::string& half, const std::function<Batch()>& next, int batches,
             ParamStore& params) {
  torch::NoGradGuard no_grad;
  const auto weights = SampleWeights();
  auto covariance = torch::zeros({kBlockDims, kBlockDims}, torch::kFloat64);
  for (int i = 0; i < batches; ++i) {
    const Batch batch = next();
    const auto blocks = SpaceToDepth((batch.original - batch.pred).cpu().to(torch::kFloat64));
    const auto rows = blocks.permute({0, 2, 3, 1}).reshape({-1, kBlockDims}) * weights;
    covariance += torch::matmul(rows.t(), rows) / static_cast<double>(rows.size(0));
  }
  const auto vectors = std::get<1>(torch::linalg_eigh(covariance, "L"));  // ascending, in columns
  auto basis = vectors.t().flip({0}).index({Slice(0, kLatentChannels)});  // [256, 384]
  const auto analysis = basis * weights / 16.0;
  const auto synthesis = (basis / weights).t() * 16.0;
  params.Set(half + ".analysis.klt.weight", analysis.reshape({kLatentChannels, kBlockDims, 1, 1}));
  params.Set(half + ".synthesis.klt.weight",
             synthesis.reshape({kBlockDims, kLatentChannels, 1, 1}));
}

void InitScales(const Architecture& arch, const std::string& half,
                const std::function<Batch()>& next, int batches, ParamStore& params) {
  torch::NoGradGuard no_grad;
  auto power = torch::zeros({kLatentChannels});
  for (int i = 0; i < batches; ++i) {
    const Batch batch = next().To(params.device());
    const GraphModule analysis(arch.graph(half + ".analysis"), params);
    const auto y = analysis
                       .Run({{"residual", batch.original - batch.pred}}, KnotWeights(batch.qp),
                            batch.original.size(2) / 2, batch.original.size(3) / 2, {})
                       .at("latent") *
                   512.0;
    power += y.square().mean(std::vector<int64_t>{0, 2, 3}).cpu() / batches;
  }
  const auto sigma_log = torch::log2(torch::clamp_min(power, 1e-3)) / 2;
  const int first[6] = {0, 0, 32, 32, 96, kLatentChannels};
  const int last[5] = {32, 32, 96, 96, kLatentChannels};
  for (int step = 0; step < 5; ++step) {
    const std::string name = half + ".prior_" + std::to_string(step) + ".scale";
    const auto group = sigma_log.index({Slice(first[step], last[step])});
    auto knots = torch::empty({kQpKnots, last[step] - first[step]});
    for (int k = 0; k < kQpKnots; ++k) {
      const double step_log = 1.0 + (kQpCount - 1.0) / (kQpKnots - 1) * k / 10.0;
      knots[k] = torch::clamp_min((group - step_log + 3.5) / 0.2 / 16.0, 0.0);
    }
    params.Set(name + ".bias", knots);
    params.Set(name + ".weight", params.Get(name + ".weight") * 0.1);
  }
  // A start at z = 0 or +-1: the hyper-latent must not cost before it is of use.
  const std::string hyper = half + ".hyper_analysis.c3.weight";
  params.Set(hyper, params.Get(hyper) * 0.04);
  // The pixels entering the head sit around real 2.0: take that mean out.
  const std::string head = half + ".synthesis.head";
  const auto sums = params.Get(head + ".weight").sum(std::vector<int64_t>{1, 2, 3}).cpu();
  params.Set(head + ".bias", (-2.0 * sums).unsqueeze(0).repeat({kQpKnots, 1}));
}

}  // namespace furl::train
