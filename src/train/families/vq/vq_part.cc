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
  if (next == nullptr) return OkStatus();
  // What the other part learned to add to its pictures spoils these: only its features are kept.
  params_.Silence(arch_, part_ + ".");
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
    if (knot >= 0) batch.qp.fill_(KnotQp(knot));
    Uses uses;
    Code(batch, {}, extent, &uses);
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

TensorMap VqPart::Apply(const char* graph, const TensorMap& inputs, const Batch& batch,
                        const RunOptions& run) const {
  return GraphModule(arch_.graph(part_ + "." + graph), params_)
      .Run(inputs, KnotWeights(batch.qp), batch.original.size(2) / 2, batch.original.size(3) / 2,
           run);
}

VqPart::Coded VqPart::Code(const Batch& batch, const RunOptions& run, const Extent& extent,
                           Uses* uses) const {
  TensorMap seen = {{"pred", batch.pred}};
  if (batch.diff.defined()) seen["diff"] = batch.diff;
  const TensorMap features = Apply("features", seen, batch, run);
  const TensorMap wanted = Apply(
      "analysis", {{"residual", batch.original - batch.pred}, {"pred", batch.pred}}, batch, run);
  Coded coded;
  const auto code = [&](int grid, const Tensor& start) {
    const GridNames& names = names_[grid];
    coded.targets[grid] = wanted.at(names.grid) / names.Unit();
    const GridTask task = {
        coded.targets[grid],
        start.defined() ? start / names.Unit() : torch::zeros_like(coded.targets[grid]),
        features.at(names.grid + "_features"),
        KnotWeights(batch.qp),
        StepsOf(batch.qp),
        batch.original.size(2) / 2,
        batch.original.size(3) / 2,
        grid == 0 ? extent.top : extent.bottom};
    coded.grids[grid] =
        CodeGrid(arch_, names, params_, task, run, uses == nullptr ? nullptr : &(*uses)[grid]);
    coded.latents[grid] = coded.grids[grid].latent * names.Unit();
  };
  code(0, {});
  code(1, Apply("expand", {{"top", coded.latents[0]}}, batch, run).at("base"));
  return coded;
}

Loss VqPart::LossOf(const Coded& coded, const Batch& batch, const RunOptions& run) const {
  const auto recon =
      Apply("synthesis",
            {{"top", coded.latents[0]}, {"bottom", coded.latents[1]}, {"pred", batch.pred}}, batch,
            run)
          .at("recon");
  const auto& [top, bottom] = coded.grids;
  // Of both grids, where there are entries.
  const auto both = [&](const Tensor& of_top, const Tensor& of_bottom) {
    return torch::cat({(of_top * top.coded).flatten(1), (of_bottom * bottom.coded).flatten(1)}, 1);
  };
  ObjectiveValue value = objective().Evaluate({.decoded = recon,
                                               .original = batch.original,
                                               .vectors = both(coded.targets[0], coded.targets[1]),
                                               .entries = both(top.latent, bottom.latent)});
  Loss loss;
  loss.rate = top.bits + bottom.bits;
  loss.distortion = value.sum / (kLagrangian * StepsOf(batch.qp).square());
  loss.luma_sse = LumaSquaredError(recon, batch.original).detach();
  loss.named = {{"top_bpp", top.bits.detach()}, {"bottom_bpp", bottom.bits.detach()}};
  loss.parts = std::move(value.parts);
  loss.critic = value.critic;
  return loss;
}

Loss VqPart::Forward(const Batch& batch, const Phase& phase) const {
  auto seen = std::make_shared<Seen>();
  Loss loss = LossOf(Code(batch, phase.run, All(), &seen->uses), batch, phase.run);
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
  Loss loss = LossOf(Code(batch, run, All(), nullptr), batch, run);
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
