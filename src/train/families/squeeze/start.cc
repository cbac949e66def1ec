#include "train/families/squeeze/start.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "codec/families/squeeze/squeeze_family.h"
#include "train/families/squeeze/prior_params.h"
#include "train/family/analysis_inside.h"
#include "train/hyperprior/codec_model.h"
#include "train/network/linear_maps.h"

namespace furl::train::squeeze {
namespace {

using codec::kLow;
using codec::kNeighbours;

// In 8-bit units.
constexpr double kLatentScale = kS16Unit / codec::kBottleneckUnit;
constexpr double kDetailScale = kS16Unit / codec::kDetailUnit;

Tensor Rotation(const Tensor& covariance, bool random) {
  return random ? RandomRotation(covariance.size(0)) : DecorrelatingRotation(covariance);
}

// Of positions with all neighbours: latents, and the first ones of each neighbour.
struct LowRows {
  Tensor target;  // [count, kLow]
  Tensor around;  // [count, kNeighbours * kLow]
};

LowRows LowRowsOf(const Tensor& latent) {
  const auto low = latent.slice(1, 0, kLow);
  const int64_t h = low.size(2);
  const int64_t w = low.size(3);
  const auto moved = [&](int64_t up, int64_t left) {
    return RowsOf(low.slice(2, 1 - up, h - up).slice(3, 1 - left, w - 1 - left));
  };
  return {moved(0, 0), torch::cat({moved(0, 1), moved(1, 0), moved(1, 1), moved(1, -1)}, 1)};
}

}  // namespace

void InitTransform(const Architecture& arch, const std::string& part,
                   const std::function<Batch()>& next, int batches, bool random,
                   ParamStore& params) {
  torch::NoGradGuard no_grad;
  const auto weights = hyperprior::SampleWeights().slice(0, 0, kPackedChannels);
  const codec::Layout layout = LayoutOf(arch, part);
  const int64_t low = layout.bottleneck() / codec::kQuarters;
  const AnalysisInside analysis = {arch, part, params};
  const auto covariance_of = [&](const std::string& name, const Tensor& scale) {
    return analysis.MeanMoments(next, batches, name, scale);
  };
  // Inside, a latent of 1 is a quarter of an 8-bit unit; samples have 16.
  constexpr double kGain = 16.0 / codec::kDetailUnit;
  const auto block = Rotation(covariance_of("lapped", weights), random);
  const auto kept = block.slice(0, 0, low + layout.detail());
  params.Set(part + ".analysis.low.weight", AsKernel(block.slice(0, 0, low) * weights / kGain));
  params.Set(part + ".analysis.detail.weight",
             AsKernel(kept.slice(0, low, low + layout.detail()) * weights / kGain));
  params.Set(part + ".synthesis.block.weight", AsKernel((kept / weights).t() * kGain));
  constexpr double kTileGain = 1.0 * codec::kDetailUnit / codec::kBottleneckUnit;
  const auto tile = Rotation(covariance_of("packed", torch::ones({1}, torch::kFloat64)), random);
  params.Set(part + ".analysis.tile.weight", AsKernel(tile / kTileGain));
  params.Set(part + ".synthesis.tile.weight", AsKernel(tile.t() * kTileGain));
}

void InitTables(const Architecture& arch, const std::string& part,
                const std::function<Batch()>& next, int batches, ParamStore& params) {
  torch::NoGradGuard no_grad;
  constexpr double kNoise = 40;  // squared error of decoded latents at middle QPs
  const codec::Layout layout = LayoutOf(arch, part);
  auto inputs = torch::eye(kNeighbours * kLow, torch::kFloat64) * 1e-6;
  auto products = torch::zeros({kNeighbours * kLow, kLow}, torch::kFloat64);
  auto low_power = torch::zeros({kLow}, torch::kFloat64);
  auto power = torch::zeros({layout.channels()}, torch::kFloat64);
  double count = 0;
  const AnalysisInside analysis = {arch, part, params};
  for (int i = 0; i < batches; ++i) {
    const Batch batch = next();
    const auto latent = analysis.Of(batch, "latent_linear") * kLatentScale;
    const auto detail = analysis.Of(batch, "detail_linear") * kDetailScale;
    power +=
        torch::cat({RowsOf(latent).square().mean(0), RowsOf(detail).square().mean(0)}, 0) / batches;
    const LowRows rows = LowRowsOf(latent);
    inputs += torch::matmul(rows.around.t(), rows.around);
    products += torch::matmul(rows.around.t(), rows.target);
    low_power += rows.target.square().sum(0);
    count += static_cast<double>(rows.target.size(0));
  }
  const auto noisy = inputs + torch::eye(inputs.size(0), torch::kFloat64) * (kNoise * count);
  const auto whole =
      torch::clamp(torch::round(torch::linalg_solve(noisy, products) * 128), -127, 127);
  const auto w = whole / 128;
  const auto explained = 2 * (w * products).sum(0) - (w * torch::matmul(inputs, w)).sum(0);
  power.slice(0, 0, kLow) = (low_power - explained) / count;

  codec::PriorTables tables = PriorTablesOf(part, params);
  const auto ordered = whole.t().contiguous();  // [kLow][neighbour][kLow]
  for (size_t i = 0; i < tables.low.size(); ++i) {
    tables.low[i] = static_cast<int8_t>(ordered.data_ptr<double>()[i]);
  }
  const auto deviation = torch::sqrt(torch::clamp_min(power, 1e-3)).contiguous();
  for (int knot = 0; knot < codec::kQpKnots; ++knot) {
    for (int c = 0; c < layout.channels(); ++c) {
      const double steps = deviation.data_ptr<double>()[c] / codec::kStepLaw.Step(8 * knot);
      const long scale = std::lround(10 * (std::log2(steps) + 3.5));
      tables.scales[knot * layout.channels() + c] =
          static_cast<uint8_t>(std::clamp<long>(scale, 0, 127));
    }
  }
  SetPrior(tables, part, params);
}

}  // namespace furl::train::squeeze
