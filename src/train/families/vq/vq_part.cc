#include "train/families/vq/vq_part.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "codec/common/rate_distortion.h"
#include "codec/families/vq/vq_family.h"
#include "train/base/units.h"
#include "train/families/vq/part_export.h"
#include "train/families/vq/start.h"
#include "train/losses/loss_functions.h"
#include "train/network/center_filters.h"
#include "train/network/checkpoint.h"
#include "train/network/graph_module.h"

namespace furl::train::vq {
namespace {

namespace codec = furl::vq;

constexpr int kTransformBatches = 32;  // that the transform is measured on
constexpr int kFirstBatches = 6;       // that entries of a codebook are drawn from
constexpr int kMeanBatches = 8;        // of each step of Lloyd's algorithm
constexpr int kMeanSteps = 4;
constexpr int kKnotBatches = 3;  // that the priors are set by, of each knot of the QPs
constexpr int kFirstKnot = 2;    // the first of them: below, all is coded
constexpr int kMaxModelQp = kNumQps - 1;

// What one slice of a batch coded.
struct Seen : Observation {
  std::array<GridUse, 2> uses;
};

// Stages that a recipe has priors for.
int64_t StagesOf(const Architecture& arch, const GridNames& names) {
  int64_t stages = 0;
  while (arch.graphs.contains(names.Prior(stages, 0))) ++stages;
  return stages;
}

Tensor StepsOf(const Tensor& qp) {
  return codec::kStepLaw.at_qp0 *
         torch::exp2(qp.to(torch::kFloat32) / codec::kStepLaw.qps_per_doubling);
}

}  // namespace

std::shared_ptr<FamilyOptions> AddTrainOptions(CLI::App& line) {
  auto o = std::make_shared<TrainingOptions>();
  line.add_option("--revive-every", o->revive_every,
                  "steps after which entries that are hardly used get a new life; 0: never")
      ->check(CLI::NonNegativeNumber);
  return o;
}

VqPart::VqPart(const Architecture& arch, const std::string& part, const TrainingOptions& options,
               ParamStore& params)
    : PartModel(arch, part, params),
      options_(options),
      names_{GridNames{part, "top"}, GridNames{part, "bottom"}},
      stages_{StagesOf(arch, names_[0]), StagesOf(arch, names_[1])} {}

Codebooks VqPart::Books(int grid) const {
  const ArchGraph& prior = arch_.graph(names_[grid].Prior(0, 0));
  return Codebooks(names_[grid].parameters(), prior.inputs.at(1).channels, params_);
}

void VqPart::InitOwn() {
  for (int grid = 0; grid < 2; ++grid) {
    const ArchGraph& prior = arch_.graph(names_[grid].Prior(0, 0));
    const auto& logits = *std::find_if(prior.nodes.begin(), prior.nodes.end(),
                                       [](const ArchNode& node) { return node.out == "entries"; });
    Codebooks books = Books(grid);
    books.Init(stages_[grid], logits.channels / books.slices());
    params_.Set(names_[grid].parameters() + ".contexts",
                torch::zeros({stages_[grid], books.slices(), codec::kContexts}));
  }
  torch::NoGradGuard no_grad;
  CenterFilters(part_ + ".synthesis.picture", 2, params_);
  CenterFilters(part_ + ".synthesis.residual", 3, params_);
  CenterFilters(part_ + ".analysis.pred", 2, params_);
  CenterFilters(part_ + ".analysis.residual", 3, params_);
  CenterFilters(part_ + ".features.pred", 2, params_);
}

void VqPart::Start(const std::function<Batch()>& next) {
  torch::NoGradGuard no_grad;
  InitTransform(arch_, part_, next, kTransformBatches, params_);
  InitOffsets(arch_, part_, next, kTransformBatches, params_);
  for (int grid = 0; grid < 2; ++grid) {
    for (int64_t stage = 0; stage < stages_[grid]; ++stage) InitStage(grid, stage, next);
  }
  // Then all together, with what their symbols cost.
  for (int i = 0; i < kMeanSteps; ++i) {
    const Uses uses = UsesOf(next, kMeanBatches, -1, All());
    for (int grid = 0; grid < 2; ++grid) {
      Codebooks books = Books(grid);
      for (int64_t index = 0; index < books.books(); ++index) {
        books.MoveToMeans(index, uses[grid][index]);
      }
      InitEntryLaws(grid, uses[grid]);
      for (int knot = 0; knot < kQpKnots; ++knot) InitSignificance(grid, knot, uses[grid]);
    }
  }
  for (int knot = kFirstKnot; knot < kQpKnots; ++knot) {
    const Uses uses = UsesOf(next, kKnotBatches, knot, All());
    for (int grid = 0; grid < 2; ++grid) InitSignificance(grid, knot, uses[grid]);
  }
}

Status VqPart::StartFromPart(const TensorFile& checkpoint, const std::string& prefix,
                             const std::string& other, const std::function<Batch()>& next) {
  FURL_RETURN_IF_ERROR(LoadParams(checkpoint, prefix, {other + ".", part_ + "."}, params_));
  if (next == nullptr || other == part_) return OkStatus();
  // What the other part learned to add to its pictures spoils these: only its features are kept.
  for (const auto& [name, graph] : arch_.graphs) {
    if (!name.starts_with(part_ + ".")) continue;
    for (const ArchNode& node : graph.nodes) {
      if (!node.zero_init) continue;
      for (const char* suffix : {".weight", ".bias"}) {
        params_.Set(node.name + suffix, torch::zeros_like(params_.Get(node.name + suffix)));
      }
    }
  }
  Start(next);
  return OkStatus();
}

std::vector<std::string> VqPart::Frozen() const {
  std::vector<std::string> frozen;
  for (const char* name :
       {".top.codebooks", ".top.counts", ".bottom.codebooks", ".bottom.counts", ".analysis.bottom.",
        ".analysis.top.", ".expand.tile.", ".synthesis.block."}) {
    frozen.push_back(part_ + name);
  }
  return frozen;
}

void VqPart::InitEntryLaws(int grid, const GridUse& use) {
  const Codebooks books = Books(grid);
  for (int64_t index = 0; index < books.books(); ++index) {
    const int64_t first = index % books.slices() * use[index].counts.size(0);
    const auto logits = Codebooks::LogitsOf(use[index]);
    for (int phase = 0; phase < codec::PhasesOf(names_[grid].top()); ++phase) {
      const std::string prior = names_[grid].Prior(index / books.slices(), phase);
      params_.Get(prior + ".entries.bias")
          .detach()
          .slice(0, first, first + logits.size(0))
          .copy_(logits);
    }
  }
}

void VqPart::InitSignificance(int grid, int knot, const GridUse& use) {
  const Codebooks books = Books(grid);
  for (int64_t index = 0; index < books.books(); ++index) {
    for (int phase = 0; phase < codec::PhasesOf(names_[grid].top()); ++phase) {
      const std::string prior = names_[grid].Prior(index / books.slices(), phase);
      params_.Get(prior + ".significance.bias")
          .detach()[knot][index % books.slices()]
          .fill_(Codebooks::OddsOf(use[index]));
    }
  }
}

VqPart::Uses VqPart::UsesOf(const std::function<Batch()>& next, int batches, int knot,
                            const Extent& extent) const {
  Uses sum;
  for (int i = 0; i < batches; ++i) {
    Batch batch = next().To(params_.device());
    if (knot >= 0) batch.qp.fill_(knot * kMaxModelQp / (kQpKnots - 1));
    Uses uses;
    Run(batch, {}, extent, &uses);
    for (int grid = 0; grid < 2; ++grid) {
      AddUse(OnDevice(uses[grid], params_.device()), &sum[grid]);
    }
  }
  return sum;
}

void VqPart::InitStage(int grid, int64_t stage, const std::function<Batch()>& next) {
  const Extent extent = grid == 0 ? Extent{stage + 1, 0} : Extent{stages_[0], stage + 1};
  Codebooks books = Books(grid);
  const auto for_each_slice = [&](int batches, const auto& body) {
    const GridUse use = UsesOf(next, batches, -1, extent)[grid];
    for (int64_t slice = 0; slice < books.slices(); ++slice) {
      const int64_t index = books.IndexOf(stage, slice);
      body(index, use[index]);
    }
  };
  for_each_slice(kFirstBatches, [&](int64_t index, const BookUse& use) {
    if (use.spare.size(0) > 0) books.Draw(index, use.spare);
  });
  for (int i = 0; i < kMeanSteps; ++i) {
    for_each_slice(kMeanBatches,
                   [&](int64_t index, const BookUse& use) { books.MoveToMeans(index, use); });
  }
}

Loss VqPart::Run(const Batch& batch, const RunOptions& run, const Extent& extent,
                 Uses* uses) const {
  const auto knots = KnotWeights(batch.qp);
  const int64_t h = batch.original.size(2) / 2;
  const int64_t w = batch.original.size(3) / 2;
  const auto apply = [&](const char* graph, const TensorMap& inputs) {
    return GraphModule(arch_.graph(part_ + "." + graph), params_).Run(inputs, knots, h, w, run);
  };
  TensorMap seen = {{"pred", batch.pred}};
  if (batch.diff.defined()) seen["diff"] = batch.diff;
  const TensorMap features = apply("features", seen);
  const TensorMap wanted =
      apply("analysis", {{"residual", batch.original - batch.pred}, {"pred", batch.pred}});
  const auto step = StepsOf(batch.qp);
  const auto code = [&](int grid, const Tensor& start) {
    const GridNames& names = names_[grid];
    const auto target = wanted.at(names.grid) / names.Unit();
    const GridTask task = {target,
                           start.defined() ? start / names.Unit() : torch::zeros_like(target),
                           features.at(names.grid + "_features"),
                           knots,
                           step,
                           h,
                           w,
                           grid == 0 ? extent.top : extent.bottom};
    return std::pair(target, CodeGrid(arch_, names, params_, task, run,
                                      uses == nullptr ? nullptr : &(*uses)[grid]));
  };
  const auto [top_target, top] = code(0, {});
  const auto top_latent = top.latent * names_[0].Unit();
  const auto base = apply("expand", {{"top", top_latent}}).at("base");
  const auto [bottom_target, bottom] = code(1, base);
  const auto recon = apply("synthesis", {{"top", top_latent},
                                         {"bottom", bottom.latent * names_[1].Unit()},
                                         {"pred", batch.pred}})
                         .at("recon");
  const auto both = [](const Tensor& a, const Tensor& b) {
    return torch::cat({a.flatten(1), b.flatten(1)}, 1);
  };
  ObjectiveValue value =
      objective().Evaluate({.decoded = recon,
                            .original = batch.original,
                            .vectors = both(top_target * top.coded, bottom_target * bottom.coded),
                            .entries = both(top.latent * top.coded, bottom.latent * bottom.coded)});
  Loss loss;
  loss.rate = top.bits + bottom.bits;
  loss.distortion = value.sum / (kLagrangian * step.square());
  loss.luma_sse = LumaSquaredError(recon, batch.original).detach();
  loss.named = {{"top_bpp", top.bits.detach()}, {"bottom_bpp", bottom.bits.detach()}};
  loss.parts = std::move(value.parts);
  loss.critic = value.critic;
  return loss;
}

Loss VqPart::Forward(const Batch& batch, const Phase& phase) const {
  auto seen = std::make_shared<Seen>();
  Loss loss = Run(batch, phase.run, All(), &seen->uses);
  loss.observation = std::move(seen);
  return loss;
}

void VqPart::AfterStep(const Observations& observations, ParamStore& average) {
  const bool revive = options_.revive_every > 0 && ++steps_since_revival_ >= options_.revive_every;
  for (int grid = 0; grid < 2; ++grid) {
    GridUse use;
    for (const auto& observation : observations) {
      AddUse(static_cast<const Seen&>(*observation).uses[grid], &use);
    }
    use = OnDevice(use, params_.device());
    Codebooks books = Books(grid);
    books.Follow(use);
    if (revive) books.Revive(use);
    for (const char* table : {".codebooks", ".counts"}) {
      const std::string name = names_[grid].parameters() + table;
      average.Set(name, params_.Get(name));
    }
  }
  if (revive) steps_since_revival_ = 0;
}

Loss VqPart::Validate(const Batch& batch, const RunOptions& run) const {
  Loss loss = Run(batch, run, All(), nullptr);
  for (int grid = 0; grid < 2; ++grid) {
    Books(grid).AddPerplexities(names_[grid].grid + "_perplexity", &loss.notes);
  }
  return loss;
}

Result<PartExport> VqPart::Export(const Measurement& measurement) const {
  return ExportPart(arch_, part_, params_, measurement);
}

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr& options, ParamStore& params) {
  return std::make_unique<VqPart>(arch, part, static_cast<const TrainingOptions&>(*options),
                                  params);
}

}  // namespace furl::train::vq
