#include "train/hyperprior/klt.h"

#include <cmath>

#include "codec/common/rate_distortion.h"

namespace furl::train::hyperprior {
namespace {

constexpr int kBlockDims = 4 * kPackedChannels;
constexpr double kLowNoise = 40;  // squared error of decoded low latents at middle QPs

}  // namespace

void InitKlt(const Architecture& arch, const std::string& part, const std::function<Batch()>& next,
             int batches, ParamStore& params) {
  torch::NoGradGuard no_grad;
  const CodecModel model(arch, part, params);
  const auto weights = SampleWeights();
  auto covariance = torch::zeros({kBlockDims, kBlockDims}, torch::kFloat64);
  for (int i = 0; i < batches; ++i) {
    const auto blocks = model.TransformInput(next()).cpu().to(torch::kFloat64);
    const auto rows = blocks.permute({0, 2, 3, 1}).reshape({-1, kBlockDims}) * weights;
    covariance += torch::matmul(rows.t(), rows) / static_cast<double>(rows.size(0));
  }
  const auto vectors = std::get<1>(torch::linalg_eigh(covariance, "L"));  // ascending, in columns
  auto basis = vectors.t().flip({0}).slice(0, 0, kLatentChannels);        // [384, 384]
  const auto analysis = basis * weights / 16.0;
  const auto synthesis = (basis / weights).t() * 16.0;
  params.Set(part + ".analysis.klt.weight", analysis.reshape({kLatentChannels, kBlockDims, 1, 1}));
  params.Set(part + ".synthesis.klt.weight",
             synthesis.reshape({kBlockDims, kLatentChannels, 1, 1}));
}

namespace {

// 1 where the step's latents are and a whole 3x3 neighbourhood exists.
Tensor InnerMask(int64_t h, int64_t w, codec::Phase phase) {
  auto mask = torch::zeros({h, w});
  const auto inner = PhaseMask(h, w, phase, torch::kCPU)[0][0];
  mask.slice(0, 1, h - 1).slice(1, 1, w - 1).copy_(inner.slice(0, 1, h - 1).slice(1, 1, w - 1));
  return mask;
}

// 1 where group 0 is decoded before the step.
Tensor DecodedMask(int64_t h, int64_t w, int step) {
  auto mask = torch::zeros({1, 1, h, w});
  for (int s = 0; s < step; ++s) {
    if (kPasses[s].first == 0) mask += PhaseMask(h, w, kPasses[s].phase, torch::kCPU);
  }
  return mask;
}

// Least squares of one step's latents on the low latents around them.
struct Regression {
  Tensor inputs = torch::zeros({9 * kLowChannels, 9 * kLowChannels}, torch::kFloat64);
  Tensor products;
  Tensor power;
  double count = 0;

  void Add(const Tensor& y, int step) {
    const codec::Pass& shape = kPasses[step];
    const int64_t h = y.size(2);
    const int64_t w = y.size(3);
    const auto low = y.slice(1, 0, kLowChannels) * DecodedMask(h, w, step);
    const auto taps = torch::im2col(low, {3, 3}, {1, 1}, {1, 1}, {1, 1});
    const auto chosen = torch::nonzero(InnerMask(h, w, shape.phase).flatten()).flatten();
    const auto rows = [&](const Tensor& x) {
      return x.index_select(2, chosen).permute({0, 2, 1}).flatten(0, 1).to(torch::kFloat64);
    };
    const auto x = rows(taps);
    const auto target = rows(y.slice(1, shape.first, shape.first + shape.count).flatten(2));
    const auto product = torch::matmul(x.t(), target);
    inputs += torch::matmul(x.t(), x);
    products = products.defined() ? products + product : product;
    power = power.defined() ? power + target.square().sum(0) : target.square().sum(0);
    count += static_cast<double>(x.size(0));
  }

  // [9 * low, n]; noise on the inputs keeps it modest.
  Tensor Solve() const {
    const auto noisy = inputs + torch::eye(inputs.size(0), torch::kFloat64) * (count * kLowNoise);
    return torch::linalg_solve(noisy, products);
  }
  Tensor ResidualPower(const Tensor& weight) const {
    const auto explained =
        2 * (weight * products).sum(0) - (weight * torch::matmul(inputs, weight)).sum(0);
    return ((power - explained) / count).to(torch::kFloat32);
  }
};

}  // namespace

std::vector<Tensor> InitOffsets(const Architecture& arch, const std::string& part,
                                const std::function<Batch()>& next, int batches,
                                ParamStore& params) {
  torch::NoGradGuard no_grad;
  const CodecModel model(arch, part, params);
  std::vector<Regression> regressions(kNumPasses);
  std::vector<Tensor> power(kNumPasses);
  for (int i = 0; i < batches; ++i) {
    const Batch batch = next().To(params.device());
    const auto y = model.Latents(batch, {}).cpu();
    for (int s = 0; s < kNumPasses; ++s) {
      if (kPasses[s].predicted) {
        regressions[s].Add(y, s);
        continue;
      }
      const auto own = y.slice(1, kPasses[s].first, kPasses[s].first + kPasses[s].count);
      const auto mean = own.square().mean(std::vector<int64_t>{0, 2, 3}) / batches;
      power[s] = power[s].defined() ? power[s] + mean : mean;
    }
  }
  for (int s = 0; s < kNumPasses; ++s) {
    if (!kPasses[s].predicted) continue;
    const auto weight = regressions[s].Solve();
    power[s] = regressions[s].ResidualPower(weight);
    params.Set(part + ".prior_" + std::to_string(s) + ".offset.weight",
               weight.t().reshape({kPasses[s].count, kLowChannels, 3, 3}).to(torch::kFloat32));
  }
  return power;
}

void InitScales(const std::string& part, const std::vector<Tensor>& power, ParamStore& params) {
  torch::NoGradGuard no_grad;
  for (int step = 0; step < kNumPasses; ++step) {
    const std::string name = part + ".prior_" + std::to_string(step) + ".scale";
    const auto sigma_log = torch::log2(torch::clamp_min(power[step], 1e-3)) / 2;
    auto knots = torch::empty({kQpKnots, kPasses[step].count});
    for (int k = 0; k < kQpKnots; ++k) {
      const double step_log = std::log2(codec::kStepLaw.Step(KnotQp(k)));
      knots[k] = torch::clamp_min((sigma_log - step_log + 3.5) / 0.2 / 16.0, 0.0);
    }
    params.Set(name + ".bias", knots);
    params.Set(name + ".weight", params.Get(name + ".weight") * 0.1);
  }
  // A start at z = 0 or +-1: the hyper-latent must not cost before it is of use.
  const std::string hyper = part + ".hyper_analysis.c3.weight";
  params.Set(hyper, params.Get(hyper) * 0.04);
}

}  // namespace furl::train::hyperprior
