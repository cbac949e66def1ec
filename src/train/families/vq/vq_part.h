// One part of a model of the vq family ("intra" or "inter") as the training loop sees it: a VQ-VAE
// on two grids whose entries a learned prior expects.

#ifndef FURL_TRAIN_FAMILIES_VQ_VQ_PART_H_
#define FURL_TRAIN_FAMILIES_VQ_VQ_PART_H_

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "train/families/vq/grid_coding.h"
#include "train/family/family.h"

namespace furl::train::vq {

struct TrainingOptions : FamilyOptions {
  int revive_every = 200;  // steps; 0: never
};

// The commitment loss stands for the bits that grow where vectors move away from their entries:
// what is minimized in choosing, error and bits, has its slope (the entry being the best one). So
// its weight is that of the squared error.
inline constexpr LossDefault kLosses[] = {
    {"mse", 1},   {"psnr", 0},          {"l1", 0},
    {"ssim", 0},  {"ms-ssim", 0},       {"commitment", 1},
    {"hinge", 0}, {"least-squares", 0}, {"feature-matching", 0}};

std::shared_ptr<FamilyOptions> AddTrainOptions(CLI::App& line);

class VqPart : public PartModel {
 public:
  VqPart(const Architecture& arch, const std::string& part, const TrainingOptions& options,
         ParamStore& params);

  void InitOwn() override;
  void Start(const std::function<Batch()>& next) override;
  // The networks are taken over, silent as at a start, if there is something to measure: then
  // transform and codebooks are made anew.
  Status StartFromPart(const TensorFile& checkpoint, const std::string& prefix,
                       const std::string& other, const std::function<Batch()>& next) override;

  std::vector<std::string> Frozen() const override;
  Loss Forward(const Batch& batch, const Phase& phase) const override;
  // The codebooks follow what is coded.
  void AfterStep(const Observations& observations, ParamStore& average) override;
  Loss Validate(const Batch& batch, const RunOptions& run) const override;
  Result<PartExport> Export(const Measurement& measurement) const override;

 private:
  // What is coded of a batch at most.
  struct Extent {
    int64_t top, bottom;  // stages
  };
  // Uses of the codebooks of top and bottom grid.
  using Uses = std::array<GridUse, 2>;

  // Of both grids; in units of 8-bit samples but for `latents`.
  struct Coded {
    std::array<Tensor, 2> targets;
    std::array<CodedGrid, 2> grids;
    std::array<Tensor, 2> latents;  // as graphs take them
  };
  Coded Code(const Batch& batch, const RunOptions& run, const Extent& extent, Uses* uses) const;
  Loss LossOf(const Coded& coded, const Batch& batch, const RunOptions& run) const;
  TensorMap Apply(const char* graph, const TensorMap& inputs, const Batch& batch,
                  const RunOptions& run) const;
  Extent All() const { return {stages_[0], stages_[1]}; }
  Codebooks Books(int grid) const;
  // What `batches` of the source code, of random QPs or of that of a knot.
  Uses UsesOf(const std::function<Batch()>& next, int batches, int knot,
              const Extent& extent) const;
  void InitStage(int grid, int64_t stage, const std::function<Batch()>& next);
  // What the priors of a grid expect at first, wherever: the entries that were coded, and at a knot
  // of the QPs as many of them as there.
  void InitEntryLaws(int grid, const GridUse& use);
  void InitSignificance(int grid, int knot, const GridUse& use);

  TrainingOptions options_;
  std::array<GridNames, 2> names_;  // top, bottom
  std::array<int64_t, 2> stages_;   // likewise
  int64_t steps_since_revival_ = 0;
};

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr& options, ParamStore& params);

}  // namespace furl::train::vq

#endif  // FURL_TRAIN_FAMILIES_VQ_VQ_PART_H_
