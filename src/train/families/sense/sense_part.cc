#include "train/families/sense/sense_part.h"

#include <utility>

#include "codec/common/rate_distortion.h"
#include "train/base/units.h"
#include "train/families/sense/measure.h"
#include "train/losses/loss_functions.h"
#include "train/network/checkpoint.h"
#include "train/network/graph_module.h"
#include "train/network/graph_walk.h"

namespace furl::train::sense {
namespace {

constexpr int kStartBatches = 48;
constexpr double kRidge = 1e-3;        // of the mean square of a measurement
constexpr double kStartVariance = -4;  // logarithm
// Where gates stand at first, in real u7 units of which 4 would be all: memory is kept, what is new
// is let through by half.
constexpr double kKept = 3.5;
constexpr double kHalf = 2;

// Moments of measurements and of the blocks behind them, without their predictions.
struct Moments {
  Tensor own, cross;

  void Add(const Tensor& measured, const Tensor& blocks) {
    const auto rows = [](const Tensor& x) {
      return x.permute({0, 2, 3, 1}).reshape({-1, x.size(1)}).to(torch::kFloat64);
    };
    const auto m = rows(measured);
    const auto b = rows(blocks);
    const auto mm = torch::matmul(m.t(), m);
    const auto bm = torch::matmul(b.t(), m);
    own = own.defined() ? own + mm : mm;
    cross = cross.defined() ? cross + bm : bm;
  }
  // The linear map from measurements to blocks with the least squared error.
  Tensor Solve() const {
    const auto ridge = torch::eye(own.size(0), own.options()) * (own.diag().mean() * kRidge);
    return torch::matmul(cross, torch::linalg_inv(own + ridge)).to(torch::kFloat32);
  }
};

Batch FrameOf(const Batch& batch, int64_t t) {
  return {batch.original.select(1, t), batch.pred.select(1, t), Tensor(), batch.qp};
}

Moments MomentsOf(const std::function<Batch()>& next, int batches) {
  torch::NoGradGuard no_grad;
  Moments moments;
  for (int i = 0; i < batches; ++i) {
    const Batch batch = next();
    for (int64_t t = 0; t < batch.frames(); ++t) {
      const Batch frame = FrameOf(batch, t);
      const auto measured = MeasurePictures(frame.original, frame.qp, static_cast<int>(t)).measured;
      moments.Add(measured, SpaceToDepth(frame.original - frame.pred));
    }
  }
  return moments;
}

}  // namespace

void SensePart::InitOwn() {
  const int64_t latents = arch_.graph(part_ + ".synthesis").inputs.at(0).channels;
  params_.Set(part_ + ".log_variance", torch::full({latents}, kStartVariance));
  torch::NoGradGuard no_grad;
  for (const auto& [gate, value] : {std::pair("keep", kKept), {"take", kHalf}, {"show", kHalf}}) {
    const std::string name = part_ + ".posterior." + gate + ".bias";
    params_.Set(name, torch::full_like(params_.Get(name), value));
  }
}

void SensePart::Start(const std::function<Batch()>& next) {
  torch::NoGradGuard no_grad;
  const auto inverse = MomentsOf(next, kStartBatches).Solve();
  params_.Set(part_ + ".synthesis.inverse.weight",
              inverse.reshape({inverse.size(0), inverse.size(1), 1, 1}));
}

Status SensePart::StartFromPart(const TensorFile& checkpoint, const std::string& prefix,
                                const std::string& other, const std::function<Batch()>& /*next*/) {
  return LoadParams(checkpoint, prefix, {other + ".", part_ + "."}, params_);
}

Tensor SensePart::LogVariance(const Tensor& mean) const {
  return params_.Get(part_ + ".log_variance").reshape({1, -1, 1, 1}).expand_as(mean);
}

SensePart::Latents SensePart::Infer(const TensorMap& seen, const Tensor& knots,
                                    const RunOptions& run, bool sample, Memory* memory) const {
  TensorMap inputs = seen;
  inputs["hidden"] = memory->hidden;
  inputs["cell"] = memory->cell;
  const auto& measured = seen.at("measured");
  const TensorMap out = GraphModule(arch_.graph(part_ + ".posterior"), params_)
                            .Run(inputs, knots, measured.size(2), measured.size(3), run);
  *memory = {out.at("hidden_out"), out.at("cell_out")};
  Latents latents = {out.at("mean"), out.at("mean")};
  if (sample) {
    const auto deviation = (0.5 * LogVariance(latents.mean)).exp();
    latents.drawn = latents.mean + deviation * torch::randn_like(latents.mean);
  }
  return latents;
}

Loss SensePart::Run(const Batch& batch, const RunOptions& run, bool sample) const {
  const auto knots = KnotWeights(batch.qp);
  const int64_t h = batch.original.size(-2) / 2;
  const int64_t w = batch.original.size(-1) / 2;
  const int64_t width = arch_.graph(part_ + ".posterior").inputs.at(2).channels;
  const auto none = torch::zeros({batch.size(), width, h, w}, params_.device());
  Memory memory = {none, none};
  const auto weight = (kLagrangian * StepSquares(batch.qp.cpu())).reciprocal().to(params_.device());
  Loss loss;
  loss.rate = torch::zeros({batch.size()}, params_.device());
  for (int64_t t = 0; t < batch.frames(); ++t) {
    const Batch frame = FrameOf(batch, t);
    const Measured seen = MeasurePictures(frame.original, frame.qp, static_cast<int>(t));
    const Latents latents =
        Infer({{"measured", seen.measured}, {"mask", seen.mask}}, knots, run, sample, &memory);
    const auto recon =
        GraphModule(arch_.graph(part_ + ".synthesis"), params_)
            .Run({{"latent", latents.drawn}, {"measured", seen.measured}, {"pred", frame.pred}},
                 knots, h, w, run)
            .at("recon");
    ObjectiveValue value = objective().Evaluate({.decoded = recon,
                                                 .original = frame.original,
                                                 .mean = latents.mean,
                                                 .log_variance = LogVariance(latents.mean)});
    const auto add = [](Tensor& sum, const Tensor& x) { sum = sum.defined() ? sum + x : x; };
    add(loss.distortion, value.sum * weight);
    add(loss.luma_sse, LumaSquaredError(recon, frame.original).detach());
    if (value.critic.defined()) add(loss.critic, value.critic);
    for (auto& [name, part] : value.parts) add(loss.parts[name], part);
  }
  return loss;
}

Loss SensePart::Forward(const Batch& batch, const Phase& phase) const {
  return Run(batch, phase.run, /*sample=*/true);
}

Loss SensePart::Validate(const Batch& batch, const RunOptions& run) const {
  return Run(batch, run, /*sample=*/false);
}

Result<PartExport> SensePart::Export(const Measurement& measurement) const {
  FURL_ASSIGN_OR_RETURN(const BatchSource source, measurement.open(123));
  const Moments moments = MomentsOf([&] { return source(-1); }, measurement.batches);
  PartExport exported;
  exported.convs =
      QuantizeGraphs(arch_, part_ + ".", params_, {{part_ + ".synthesis.inverse", moments.own}});
  return exported;
}

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr& /*options*/, ParamStore& params) {
  return std::make_unique<SensePart>(arch, part, params);
}

}  // namespace furl::train::sense
