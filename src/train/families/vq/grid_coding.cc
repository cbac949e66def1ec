#include "train/families/vq/grid_coding.h"

#include <vector>

#include "train/base/units.h"
#include "train/families/vq/fused_slices.h"

namespace furl::train::vq {
namespace {

namespace codec = furl::vq;

// The codec's LevelOf as real u7, of sums in quantizer steps.
Tensor LevelsOf(const Tensor& sums) {
  const auto n = 1 + sums.abs();
  const auto octave = torch::floor(torch::log2(n));
  const auto level = 24 * (octave + n * torch::exp2(-octave) - 1);
  return level.clamp_max(127) / kU7Unit;
}

class GridCoder {
 public:
  GridCoder(const Architecture& arch, const GridNames& names, ParamStore& params,
            const GridTask& task, const RunOptions& run, GridUse* use)
      : arch_(arch),
        names_(names),
        params_(params),
        task_(task),
        run_(run),
        use_(use),
        books_(names.parameters(), task.target.size(1), params),
        contexts_(params.Get(names.parameters() + ".contexts")),
        step_(task.step.reshape({-1, 1, 1, 1})),
        latent_(task.start) {
    const auto target = task.target.detach();
    bits_ = torch::zeros({target.size(0)}, target.options());
    sums_ = torch::zeros_like(target);
    counts_ = torch::zeros({target.size(0), books_.slices(), target.size(2), target.size(3)},
                           target.options());
  }

  CodedGrid Run() {
    if (use_ != nullptr) BeginUse();
    std::vector<std::vector<FlatBook>> books;
    for (int64_t stage = 0; stage < task_.stages; ++stage) {
      books.push_back(FlattenStage(books_, stage));
    }
    const int phases = codec::PhasesOf(names_.top());
    for (int phase = 0; phase < phases; ++phase) {
      for (int stage = 0; stage < task_.stages; ++stage) {
        BookUse* const uses = use_ == nullptr ? nullptr : use_->data() + books_.IndexOf(stage, 0);
        RunPass({stage, {phase, phases}, books[stage], uses});
      }
    }
    const auto coded = CodedNumbers();
    // What has no entry doesn't follow the target.
    const auto through = (task_.target - task_.target.detach()) * coded;
    return {latent_ + through, bits_, coded};
  }

 private:
  void BeginUse() {
    for (int64_t i = 0; i < books_.books(); ++i) {
      const auto book = books_.Book(i).cpu();
      use_->push_back({torch::zeros({1}), torch::zeros({book.size(0)}), torch::zeros(book.sizes()),
                       torch::zeros({0, book.size(1)})});
    }
  }

  // [N, width, h, w]: 1 where the number's slice has an entry.
  Tensor CodedNumbers() const {
    std::vector<Tensor> numbers;
    for (int64_t slice = 0; slice < books_.slices(); ++slice) {
      const auto has = (counts_.slice(1, slice, slice + 1) > 0).to(torch::kFloat32);
      numbers.push_back(has.expand({-1, books_.end(slice) - books_.begin(slice), -1, -1}));
    }
    return torch::cat(numbers, 1);
  }

  void RunPass(const SlicePass& pass) {
    const std::string name = names_.Prior(pass.stage, pass.phase.index);
    const TensorMap out = GraphModule(arch_.graph(name), params_)
                              .Run({{"features", task_.features},
                                    {"latent", latent_.detach() * names_.Unit()},
                                    {"levels", LevelsOf(sums_)}},
                                   task_.knots, task_.latent_h, task_.latent_w, run_);
    if (pass.stage == 0) {
      const auto mask = PhaseMask(pass.phase, latent_.size(2), latent_.size(3));
      latent_ = latent_ + out.at("offset") * mask.to(latent_.device()) / names_.Unit();
    }
    const auto missing = (task_.target - latent_).detach() / step_;
    const CodedSlices coded =
        CodeSlices(out.at("entries").cpu(), out.at("significance").cpu(),
                   contexts_[pass.stage].cpu(), missing.cpu(), counts_.cpu(), pass);
    const auto& device = latent_.device();
    const auto added = coded.added.to(device);
    bits_ = bits_ + coded.bits.to(device);
    sums_ = sums_ + added;
    counts_ = counts_ + coded.coded.to(device);
    latent_ = latent_ + added * step_;
  }

  const Architecture& arch_;
  const GridNames& names_;
  ParamStore& params_;
  const GridTask& task_;
  const RunOptions& run_;
  GridUse* const use_;
  const Codebooks books_;
  const Tensor contexts_;  // [stages, slices, kContexts]
  const Tensor step_;      // [N, 1, 1, 1]
  Tensor latent_;
  Tensor sums_;    // of entries, in quantizer steps
  Tensor counts_;  // entries of each slice
  Tensor bits_;
};

}  // namespace

Tensor PhaseMask(const codec::Phase& phase, int64_t h, int64_t w) {
  auto mask = torch::zeros({1, 1, h, w}, torch::kBool);
  for (int64_t y = 0; y < h; ++y) {
    for (int64_t x = 0; x < w; ++x) {
      if (phase.Has(static_cast<int>(y), static_cast<int>(x))) {
        mask.data_ptr<bool>()[y * w + x] = true;
      }
    }
  }
  return mask;
}

double GridNames::Unit() const { return (top() ? codec::kTopUnit : codec::kBottomUnit) / kS16Unit; }

CodedGrid CodeGrid(const Architecture& arch, const GridNames& names, ParamStore& params,
                   const GridTask& task, const RunOptions& run, GridUse* use) {
  return GridCoder(arch, names, params, task, run, use).Run();
}

}  // namespace furl::train::vq
