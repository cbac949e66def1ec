#include "train/families/vq/start.h"

#include <vector>

#include "train/families/vq/grid_coding.h"
#include "train/family/analysis_inside.h"
#include "train/hyperprior/codec_model.h"
#include "train/network/linear_maps.h"

namespace furl::train::vq {

namespace codec = furl::vq;

namespace {

constexpr double kNoise = 40;  // squared error of decoded vectors' numbers at middle QPs

// Least squares of the vectors of one phase, of those around it.
struct Regression {
  Tensor inputs, products;
  double count = 0;

  // `top`: [N, width, h, w] in units of 8-bit samples.
  void Add(const Tensor& top, int phase, int phases) {
    const int64_t h = top.size(2);
    const int64_t w = top.size(3);
    auto known = torch::zeros({1, 1, h, w}, torch::kBool);
    for (int before = 0; before < phase; ++before) known |= PhaseMask({before, phases}, h, w);
    auto inner = torch::zeros({1, 1, h, w}, torch::kBool);
    inner.slice(2, 1, h - 1).slice(3, 1, w - 1).fill_(true);
    const auto chosen =
        torch::nonzero((PhaseMask({phase, phases}, h, w) & inner).flatten()).flatten();
    const auto rows = [&](const Tensor& x) {
      return x.index_select(2, chosen).permute({0, 2, 1}).flatten(0, 1).to(torch::kFloat64);
    };
    const auto x = rows(torch::im2col(top * known, {3, 3}, {1, 1}, {1, 1}, {1, 1}));
    const auto own = torch::matmul(x.t(), x);
    const auto product = torch::matmul(x.t(), rows(top.flatten(2)));
    inputs = inputs.defined() ? inputs + own : own;
    products = products.defined() ? products + product : product;
    count += static_cast<double>(x.size(0));
  }
  Tensor Solve() const {  // [9 * width, width]
    const auto noise = torch::eye(inputs.size(0), torch::kFloat64) * (count * kNoise);
    return torch::linalg_solve(inputs + noise, products);
  }
};

}  // namespace

void InitTransform(const Architecture& arch, const std::string& part,
                   const std::function<Batch()>& next, int batches, ParamStore& params) {
  torch::NoGradGuard no_grad;
  const auto weights = hyperprior::SampleWeights().slice(0, 0, kPackedChannels);
  const int64_t bottom = params.Get(part + ".analysis.bottom.weight").size(0);
  const int64_t top = params.Get(part + ".analysis.top.weight").size(0);
  const AnalysisInside analysis = {arch, part, params};
  const auto rotation_of = [&](const std::string& name, const Tensor& scale, int64_t kept) {
    return DecorrelatingRotation(analysis.MeanMoments(next, batches, name, scale))
        .slice(0, 0, kept);
  };
  // Samples have 16 units where 8-bit ones have 1.
  constexpr double kGain = 16.0 / codec::kBottomUnit;
  const auto block = rotation_of("lapped", weights, bottom);
  params.Set(part + ".analysis.bottom.weight", AsKernel(block * weights / kGain));
  params.Set(part + ".synthesis.block.weight", AsKernel((block / weights).t() * kGain));
  constexpr double kTopGain = 1.0 * codec::kBottomUnit / codec::kTopUnit;
  const auto tile = rotation_of("packed", torch::ones({1}, torch::kFloat64), top);
  params.Set(part + ".analysis.top.weight", AsKernel(tile / kTopGain));
  params.Set(part + ".expand.tile.weight", AsKernel(tile.t() * kTopGain));
}

void InitOffsets(const Architecture& arch, const std::string& part,
                 const std::function<Batch()>& next, int batches, ParamStore& params) {
  torch::NoGradGuard no_grad;
  const GridNames names = {part, "top"};
  const AnalysisInside analysis = {arch, part, params};
  const int phases = codec::PhasesOf(true);
  std::vector<Regression> regressions(phases);
  for (int i = 0; i < batches; ++i) {
    const auto top = analysis.Of(next(), "top_linear").cpu() / names.Unit();
    for (int phase = 1; phase < phases; ++phase) regressions[phase].Add(top, phase, phases);
  }
  for (int phase = 1; phase < phases; ++phase) {
    const auto weight = regressions[phase].Solve().t();
    params.Set(names.Prior(0, phase) + ".around.weight",
               weight.reshape({weight.size(0), weight.size(0), 3, 3}).to(torch::kFloat32));
  }
}

}  // namespace furl::train::vq
