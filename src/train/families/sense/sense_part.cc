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

// Rows of the frame before come from the fill of the round before.
constexpr int kFillRounds = 3;
constexpr int kFillBatches = 16;  // of each round
constexpr int kInverseBatches = 24;
constexpr double kStartVariance = -4;  // logarithm
// Where gates stand at first, in real u7 units of which 4 would be all: memory is kept, what is new
// is let through by half.
constexpr double kKept = 3.5;
constexpr double kHalf = 2;

Batch FrameOf(const Batch& batch, int64_t t) {
  return {batch.original.select(1, t), batch.pred.select(1, t), Tensor(), batch.qp};
}

// QPs in place of those of batch `index`, which are drawn for training: least squares need all
// alike, also the ends. One batch after another they take turns.
Tensor SpreadQps(int index, const Tensor& qp) {
  constexpr int64_t kStride = 29;  // has no factor in common with their number
  const auto count = torch::arange(qp.size(0), torch::kInt64) + index * qp.size(0);
  return (count * kStride).remainder(kNumQps).to(qp.options());
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
  SetFixedGates();
}

// The gates that are not trained: what was not measured is filled in, and copies of the rows take
// turns as the QP rises.
void SensePart::SetFixedGates() {
  const std::string absent = part_ + ".posterior.absent";
  const int64_t rows = params_.Get(absent + ".bias").size(0);
  params_.Set(absent + ".weight", (torch::eye(rows) * -kU7Max).reshape({rows, rows, 1, 1}));
  params_.Set(absent + ".bias", torch::full({rows}, kU7Max));
  const std::string shares = part_ + ".synthesis.shares";
  params_.Set(shares + ".weight", torch::zeros_like(params_.Get(shares + ".weight")));
  params_.Set(shares + ".bias", LevelGates(params_.Get(shares + ".bias").size(1) / rows, rows));
}

void SensePart::Start(const std::function<Batch()>& next) {
  torch::NoGradGuard no_grad;
  SetFill({torch::zeros_like(params_.Get(part_ + ".posterior.near.weight")),
           torch::zeros_like(params_.Get(part_ + ".posterior.before.weight"))});
  for (int round = 0; round < kFillRounds; ++round) {
    FillFit fit;
    ForEachFrame(next, kFillBatches, [&](const LinearView& view) {
      fit.Add(view.measured, view.taken, view.before, AllMeasurements(view.original));
    });
    SetFill(fit.Solve());
  }
  Moments moments;
  ForEachFrame(next, kInverseBatches, [&](const LinearView& view) {
    moments.Add(view.shared, SpaceToDepth(view.residual));
  });
  params_.Set(part_ + ".synthesis.inverse.weight", moments.Solve());
}

void SensePart::SetFill(const FillFit::Weights& weights) {
  constexpr double kOpen = kU7Max / kGateUnit;  // of a gate that can't be all open
  params_.Set(part_ + ".posterior.near.weight", weights.near / kOpen);
  params_.Set(part_ + ".posterior.before.weight", weights.before / kOpen);
}

void SensePart::ForEachFrame(const std::function<Batch()>& next, int batches,
                             const std::function<void(const LinearView&)>& visit) const {
  torch::NoGradGuard no_grad;
  for (int i = 0; i < batches; ++i) {
    Batch batch = next().To(params_.device());
    batch.qp = SpreadQps(i, batch.qp);
    const auto knots = KnotWeights(batch.qp);
    const auto shares = torch::matmul(knots, params_.Get(part_ + ".synthesis.shares.bias"))
                            .unsqueeze(2)
                            .unsqueeze(3) /
                        kGateUnit;
    Memory memory = NoMemory(batch);
    for (int64_t t = 0; t < batch.frames(); ++t) {
      const Batch frame = FrameOf(batch, t);
      const Measured seen = MeasurePictures(frame.original, frame.qp, static_cast<int>(t));
      const auto before = memory.rows;
      Infer({{"measured", seen.measured}, {"mask", seen.mask}}, knots, {}, false, &memory);
      const int64_t copies = shares.size(1) / memory.rows.size(1);
      visit({frame.original, frame.original - frame.pred, seen.measured,
             (seen.mask > 0).to(torch::kFloat32), before,
             memory.rows.repeat({1, copies, 1, 1}) * shares});
    }
  }
}

SensePart::Memory SensePart::NoMemory(const Batch& batch) const {
  const auto& inputs = arch_.graph(part_ + ".posterior").inputs;
  const auto none = [&](size_t input) {
    return torch::zeros({batch.size(), inputs.at(input).channels, batch.original.size(-2) / 2,
                         batch.original.size(-1) / 2},
                        params_.device());
  };
  return {none(2), none(3), none(4)};
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
  inputs["rows"] = memory->rows;
  const auto& measured = seen.at("measured");
  const TensorMap out = GraphModule(arch_.graph(part_ + ".posterior"), params_)
                            .Run(inputs, knots, measured.size(2), measured.size(3), run);
  *memory = {out.at("hidden_out"), out.at("cell_out"), out.at("rows_out")};
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
  Memory memory = NoMemory(batch);
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
            .Run({{"latent", latents.drawn}, {"rows", memory.rows}, {"pred", frame.pred}}, knots, h,
                 w, run)
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
  // Of what is rounded jointly: whole numbers that are off by chance would show in flat areas.
  Moments near, before, shared;
  ForEachFrame([&] { return source(-1); }, measurement.batches,
               [&](const LinearView& view) {
                 const auto patches = Neighbourhoods(view.measured).flatten(1, 2).unsqueeze(3);
                 near.Add(patches, patches.slice(1, 0, 1));
                 before.Add(view.before, view.before.slice(1, 0, 1));
                 shared.Add(view.shared, view.shared.slice(1, 0, 1));
               });
  PartExport exported;
  exported.convs = QuantizeGraphs(arch_, part_ + ".", params_,
                                  {{part_ + ".posterior.near", near.own()},
                                   {part_ + ".posterior.before", before.own()},
                                   {part_ + ".synthesis.inverse", shared.own()}});
  return exported;
}

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr& /*options*/, ParamStore& params) {
  return std::make_unique<SensePart>(arch, part, params);
}

}  // namespace furl::train::sense
