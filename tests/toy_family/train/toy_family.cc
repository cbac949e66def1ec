#include "train/families/toy/toy_family.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "codec/common/rate_distortion.h"
#include "codec/families/toy/toy_family.h"
#include "image/coding_scales.h"
#include "train/base/units.h"
#include "train/losses/loss_functions.h"
#include "train/network/quantize.h"

namespace furl::train::toy {
namespace {

namespace codec = furl::toy;

constexpr TrainPart kParts[] = {{"all", false}};
constexpr LossDefault kLosses[] = {{"mse", 1}, {"ms-ssim", 0}, {"hinge", 0}};
constexpr double kGain = 16;  // of samples over latents, both in real units

Tensor Steps(const Tensor& qp) {
  return (codec::kStepLaw.at_qp0 * torch::exp2(qp / codec::kStepLaw.qps_per_doubling))
      .reshape({-1, 1, 1, 1});
}

Tensor SumItems(const Tensor& x) { return x.flatten(1).sum(1); }

class ToyPart : public PartModel {
 public:
  using PartModel::PartModel;

  // Samples as they are, in the units of latents.
  void Start(const std::function<Batch()>&) override {
    const auto one = torch::eye(kPackedChannels).reshape({kPackedChannels, kPackedChannels, 1, 1});
    params_.Set("all.analysis.map.weight", one / kGain);
    params_.Set("all.synthesis.map.weight", one * kGain);
  }

  Status StartFromPart(const TensorFile&, const std::string&, const std::string& other,
                       const std::function<Batch()>&) override {
    return InvalidArgument("the toy family has no part '" + other + "'");
  }

  Loss Forward(const Batch& batch, const Phase& phase) const override {
    return Run(batch, phase.run);
  }
  Loss Validate(const Batch& batch, const RunOptions& run) const override {
    return Run(batch, run);
  }

  Result<PartExport> Export(const Measurement&) const override {
    std::vector<uint16_t> steps;
    for (int qp = 0; qp < kNumQps; ++qp) {
      const double step = std::lround(16 * codec::kStepLaw.Step(qp));
      steps.push_back(static_cast<uint16_t>(std::clamp(step, 32.0, 4095.0)));
    }
    return PartExport{QuantizeGraphs(arch_, "all.", params_),
                      {{"steps", RawTensor::Of("U16", {kNumQps}, steps)}}};
  }

 private:
  Loss Run(const Batch& batch, const RunOptions& run) const {
    const auto knots = KnotWeights(batch.qp);
    const int64_t h = batch.original.size(2) / 2;
    const int64_t w = batch.original.size(3) / 2;
    const auto step = Steps(batch.qp) / kS16Unit;
    const auto latent = GraphModule(arch_.graph("all.analysis"), params_)
                            .Run({{"residual", batch.original - batch.pred}}, knots, h, w, run)
                            .at("latent");
    const auto normalized = latent / step;
    const auto recon = GraphModule(arch_.graph("all.synthesis"), params_)
                           .Run({{"latent", RoundThrough(normalized) * step}, {"pred", batch.pred}},
                                knots, h, w, run)
                           .at("recon");
    ObjectiveValue value = objective().Evaluate({.decoded = recon, .original = batch.original});
    Loss loss;
    // About what Exp-Golomb codes take.
    loss.rate = SumItems(2 * torch::log2(1 + normalized.abs()));
    loss.distortion = value.sum / (kLagrangian * Steps(batch.qp).square().flatten());
    loss.luma_sse = LumaSquaredError(recon, batch.original).detach();
    loss.parts = std::move(value.parts);
    loss.critic = value.critic;
    return loss;
  }
};

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr&, ParamStore& params) {
  return std::make_unique<ToyPart>(arch, part, params);
}

}  // namespace

constinit const TrainFamily kToyFamily = {
    .name = "toy",
    .parts = kParts,
    .train_options = nullptr,
    .create = CreatePart,
    .calibrate_options = nullptr,
    .calibrate = nullptr,
    .losses = kLosses,
};

}  // namespace furl::train::toy
