#include "train/hyperprior/hyperprior_part.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "train/hyperprior/entropy_model.h"
#include "train/hyperprior/klt.h"
#include "train/hyperprior/part_export.h"
#include "train/losses/loss_functions.h"
#include "train/network/checkpoint.h"

namespace furl::train::hyperprior {
namespace {

constexpr int kStartBatches = 48;      // that transform and offsets are measured on
constexpr int kStepsPerObserved = 50;  // one step in so many tells its symbols

// The symbols and z of one slice of a batch.
struct Seen : Observation {
  Forwarded out;
};

Loss LossOf(const Forwarded& out, const Batch& batch, const Objective& objective) {
  Loss loss;
  loss.rate = out.bits + out.hyper_bits;
  Tensor error;  // in squared error, or what stands for it
  if (out.recon.defined()) {
    ObjectiveValue value = objective.Evaluate({.decoded = out.recon, .original = batch.original});
    error = value.sum;
    loss.parts = std::move(value.parts);
    loss.critic = value.critic;
    if (!torch::GradMode::is_enabled()) {
      loss.luma_sse = LumaSquaredError(out.recon, batch.original);
    }
  } else {
    error = out.latent_sse * objective.weight("mse");
  }
  const auto step = QuantizerSteps(batch.qp);
  loss.distortion = error / (kLagrangian * step * step);
  loss.named["hyper_bpp"] = out.hyper_bits.detach();
  return loss;
}

double MeanCost(const Loss& loss) { return (loss.rate + loss.distortion).mean().item<double>(); }

}  // namespace

std::shared_ptr<FamilyOptions> AddTrainOptions(CLI::App& line) {
  auto o = std::make_shared<TrainingOptions>();
  line.add_option("--analysis-part", o->analysis_part, "part with the analysis trained too");
  line.add_flag("--rate-only", o->rate_only, "train hyper and prior networks only, cheaply");
  line.add_option("--hyper-keep", o->hyper_keep, "part of the crops that keep their z");
  line.add_flag("--free-synthesis", o->free_synthesis, "train the synthesis transform too");
  return o;
}

Status HyperpriorPart::SetObjective(Objective objective) {
  if (options_.rate_only && objective.losses() != std::set<std::string>{"mse"}) {
    return InvalidArgument("--rate-only decodes no pictures: of losses it takes mse alone");
  }
  return PartModel::SetObjective(std::move(objective));
}

void HyperpriorPart::Start(const std::function<Batch()>& next) {
  InitKlt(arch_, part_, next, kStartBatches, params_);
  InitScales(part_, InitOffsets(arch_, part_, next, kStartBatches, params_), params_);
}

Status HyperpriorPart::StartFromPart(const TensorFile& checkpoint, const std::string& prefix,
                                     const std::string& other, const std::function<Batch()>& next) {
  const std::string gate = part_ + ".prior_init.c3.weight";
  if (params_.Has(gate)) params_.Set(gate, torch::zeros_like(params_.Get(gate)));
  FURL_RETURN_IF_ERROR(LoadParams(checkpoint, prefix, {other + ".", part_ + "."}, params_));
  // Whole inter frames may cost less than the other part's hyper-latent alone:
  // start from z = 0, so that it grows only where it pays.
  for (const char* name : {".hyper_analysis.c3.weight", ".hyper_analysis.c3.bias"}) {
    params_.Set(part_ + name, torch::zeros_like(params_.Get(part_ + name)));
  }
  if (next != nullptr) {
    InitKlt(arch_, part_, next, kStartBatches, params_);
    InitOffsets(arch_, part_, next, kStartBatches, params_);
  }
  return OkStatus();
}

std::vector<std::string> HyperpriorPart::Frozen() const {
  std::vector<std::string> frozen = {part_ + ".shrink"};
  if (options_.analysis_part <= 0) frozen.push_back(part_ + ".analysis.klt");
  if (!options_.free_synthesis) frozen.push_back(part_ + ".synthesis.klt");
  if (options_.rate_only) frozen.push_back(part_ + ".synthesis.");
  for (int s = 0; s < kNumPasses; ++s) {
    frozen.push_back(part_ + ".prior_" + std::to_string(s) + ".offset");
  }
  return frozen;
}

Loss HyperpriorPart::Forward(const Batch& batch, const Phase& phase) const {
  ForwardOptions forward;
  forward.run = phase.run;
  forward.train_analysis = phase.progress > 1 - options_.analysis_part;
  forward.keep_symbols = phase.step % kStepsPerObserved == kStepsPerObserved - 1;
  forward.skip_synthesis = options_.rate_only;
  forward.hyper_keep = options_.hyper_keep;
  Forwarded out = model_.Run(batch, forward);
  Loss loss = LossOf(out, batch, objective());
  if (forward.keep_symbols) {
    auto seen = std::make_shared<Seen>();
    seen->out.symbols = std::move(out.symbols);
    seen->out.z = out.z;
    loss.observation = std::move(seen);
  }
  return loss;
}

void HyperpriorPart::AfterStep(const Observations& observations, ParamStore& average) {
  for (const auto& observation : observations) {
    symbols_.Add(static_cast<const Seen&>(*observation).out);
  }
  const auto table = symbols_.Shrink();
  auto shrink = torch::empty({kScaleCount, 2});
  std::copy(table.begin(), table.end(), shrink.data_ptr<float>());
  params_.Set(part_ + ".shrink", shrink);
  average.Set(part_ + ".shrink", shrink);
}

Loss HyperpriorPart::Validate(const Batch& batch, const RunOptions& run) const {
  ForwardOptions forward;
  forward.run = run;
  Loss with_z = LossOf(model_.Run(batch, forward), batch, objective());
  forward.hyper_keep = 0;
  Loss without_z = LossOf(model_.Run(batch, forward), batch, objective());
  return MeanCost(without_z) < MeanCost(with_z) ? without_z : with_z;
}

Result<PartExport> HyperpriorPart::Export(const Measurement& measurement) const {
  return ExportPart(model_, params_, measurement);
}

}  // namespace furl::train::hyperprior
