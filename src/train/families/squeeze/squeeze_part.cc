#include "train/families/squeeze/squeeze_part.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "codec/common/rate_distortion.h"
#include "codec/families/squeeze/squeeze_family.h"
#include "train/families/squeeze/part_export.h"
#include "train/families/squeeze/start.h"
#include "train/losses/loss_functions.h"
#include "train/network/center_filters.h"
#include "train/network/checkpoint.h"
#include "train/network/graph_module.h"

namespace furl::train::squeeze {
namespace {

constexpr int kStartBatches = 32;     // that transform and prediction are measured on
constexpr int kFitBatches = 16;       // that the prior is fitted to, each time
constexpr int kFits = 5;              // times
constexpr int kStepsPerObserved = 5;  // one step in so many tells what it coded
constexpr int kObservedPerFit = 60;   // and after so many the prior is fitted

// What one slice of a batch coded.
struct Seen : Observation {
  explicit Seen(const codec::Layout& layout) : statistics(layout) {}
  codec::PriorStatistics statistics;
};

// From real units to units of 8-bit samples.
constexpr double kLatentScale = kS16Unit / codec::kBottleneckUnit;
constexpr double kDetailScale = kS16Unit / codec::kDetailUnit;

}  // namespace

std::shared_ptr<FamilyOptions> AddTrainOptions(CLI::App& line) {
  auto o = std::make_shared<TrainingOptions>();
  line.add_flag("--random-start", o->random_start,
                "start the bottleneck with any rotation instead of the measured one");
  line.add_flag("--free-transform", o->free_transform, "train the linear bottleneck, too");
  return o;
}

void SqueezePart::InitOwn() {
  InitPrior(layout_, part_, params_);
  torch::NoGradGuard no_grad;
  CenterFilters(part_ + ".synthesis.picture", 2, params_);
  CenterFilters(part_ + ".synthesis.residual", 3, params_);
  CenterFilters(part_ + ".analysis.pred", 2, params_);
  CenterFilters(part_ + ".analysis.residual", 3, params_);
}

void SqueezePart::Start(const std::function<Batch()>& next) {
  InitTransform(arch_, part_, next, kStartBatches, options_.random_start, params_);
  InitTables(arch_, part_, next, kStartBatches, params_);
  FitPrior(next);
}

Status SqueezePart::StartFromPart(const TensorFile& checkpoint, const std::string& prefix,
                                  const std::string& other, const std::function<Batch()>& next) {
  FURL_RETURN_IF_ERROR(LoadParams(checkpoint, prefix, {other + ".", part_ + "."}, params_));
  if (next == nullptr) return OkStatus();
  // What the other part learned to add to its pictures spoils these: only its features are kept.
  params_.Silence(arch_, part_ + ".");
  Start(next);
  return OkStatus();
}

std::vector<std::string> SqueezePart::Frozen() const {
  std::vector<std::string> frozen;
  for (const char* table : {".scales", ".shifts", ".depths", ".low"}) {
    frozen.push_back(part_ + table);
  }
  if (options_.free_transform) return frozen;
  for (const char* node : {".analysis.low", ".analysis.detail.", ".analysis.tile",
                           ".synthesis.tile", ".synthesis.block"}) {
    frozen.push_back(part_ + node);
  }
  return frozen;
}

TensorMap SqueezePart::Analyze(const Tensor& residual, const Batch& batch,
                               const RunOptions& run) const {
  RunOptions own = run;
  // The contractive loss needs second derivatives, which fused operators lack.
  own.bf16 = run.bf16 && !Contracts();
  TensorMap latents =
      GraphModule(arch_.graph(part_ + ".analysis"), params_)
          .Run({{"residual", residual}, {"pred", batch.pred}}, KnotWeights(batch.qp),
               residual.size(2) / 2, residual.size(3) / 2, own);
  latents["latent"] = latents.at("latent") * kLatentScale;
  latents["detail"] = latents.at("detail") * kDetailScale;
  return latents;
}

Tensor SqueezePart::Decode(const CodedTiles& coded, const Batch& batch,
                           const RunOptions& run) const {
  const auto& device = params_.device();
  return GraphModule(arch_.graph(part_ + ".synthesis"), params_)
      .Run({{"latent", (coded.latent / kLatentScale).to(device)},
            {"detail", (coded.detail / kDetailScale).to(device)},
            {"pred", batch.pred}},
           KnotWeights(batch.qp), batch.pred.size(2) / 2, batch.pred.size(3) / 2, run)
      .at("recon");
}

Loss SqueezePart::Run(const Batch& batch, const RunOptions& run,
                      codec::PriorStatistics* statistics) const {
  auto residual = (batch.original - batch.pred).detach();
  if (Contracts()) residual.requires_grad_();
  const TensorMap latents = Analyze(residual, batch, run);
  const codec::Prior prior(layout_, PriorTablesOf(part_, params_));
  const CodedTiles coded = CodeTiles(latents.at("latent").cpu(), latents.at("detail").cpu(),
                                     batch.qp.cpu(), prior, statistics);
  const auto recon = Decode(coded, batch, run);
  LossInputs inputs = {.decoded = recon, .original = batch.original};
  if (Contracts()) {
    // Both in units of 8-bit samples.
    inputs.seen = residual;
    inputs.code =
        torch::cat({latents.at("latent").flatten(1), latents.at("detail").flatten(1)}, 1) /
        kSampleUnit;
  }
  ObjectiveValue value = objective().Evaluate(inputs);
  const auto step = codec::kStepLaw.at_qp0 *
                    torch::exp2(batch.qp.to(torch::kFloat32) / codec::kStepLaw.qps_per_doubling);
  Loss loss;
  loss.rate = coded.bits.to(params_.device());
  loss.distortion = value.sum / (kLagrangian * step.square());
  loss.luma_sse = LumaSquaredError(recon, batch.original).detach();
  loss.parts = std::move(value.parts);
  loss.critic = value.critic;
  return loss;
}

void SqueezePart::FitPrior(const std::function<Batch()>& next) {
  torch::NoGradGuard no_grad;
  for (int fit = 0; fit < kFits; ++fit) {
    codec::PriorStatistics statistics(layout_);
    for (int i = 0; i < kFitBatches; ++i) Run(next().To(params_.device()), {}, &statistics);
    const codec::Prior prior(layout_, PriorTablesOf(part_, params_));
    SetPrior(statistics.Fit(prior), part_, params_);
  }
}

Loss SqueezePart::Forward(const Batch& batch, const Phase& phase) const {
  if (phase.step % kStepsPerObserved != kStepsPerObserved - 1) {
    return Run(batch, phase.run, nullptr);
  }
  auto seen = std::make_shared<Seen>(layout_);
  Loss loss = Run(batch, phase.run, &seen->statistics);
  loss.observation = std::move(seen);
  return loss;
}

void SqueezePart::AfterStep(const Observations& observations, ParamStore& average) {
  for (const auto& observation : observations) {
    seen_.Add(static_cast<const Seen&>(*observation).statistics);
  }
  if (++observed_ % kObservedPerFit != 0) return;
  const codec::Prior prior(layout_, PriorTablesOf(part_, params_));
  const codec::PriorTables tables = seen_.Fit(prior);
  seen_ = codec::PriorStatistics(layout_);
  SetPrior(tables, part_, params_);
  SetPrior(tables, part_, average);
}

Loss SqueezePart::Validate(const Batch& batch, const RunOptions& run) const {
  return Run(batch, run, nullptr);
}

Result<PartExport> SqueezePart::Export(const Measurement& measurement) const {
  return ExportPart(arch_, part_, params_, measurement);
}

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr& options, ParamStore& params) {
  return std::make_unique<SqueezePart>(arch, part, static_cast<const TrainingOptions&>(*options),
                                       params);
}

}  // namespace furl::train::squeeze
