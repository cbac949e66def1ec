// One part of a model of the squeeze family ("intra" or "inter") as the training loop sees it. It
// starts as a block transform with a factorized prior; convolutions, pooling and fire modules,
// silent at first, learn what to add to latents and picture.

#ifndef FURL_TRAIN_FAMILIES_SQUEEZE_SQUEEZE_PART_H_
#define FURL_TRAIN_FAMILIES_SQUEEZE_SQUEEZE_PART_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "codec/families/squeeze/encode/prior_statistics.h"
#include "train/families/squeeze/prior_params.h"
#include "train/families/squeeze/tile_coding.h"
#include "train/family/family.h"

namespace furl::train::squeeze {

struct TrainingOptions : FamilyOptions {
  bool random_start = false;    // of the bottleneck, instead of the measured transform
  bool free_transform = false;  // trains it, too
};

inline constexpr LossDefault kLosses[] = {{"mse", 1},  {"psnr", 0},    {"l1", 0},
                                          {"ssim", 0}, {"ms-ssim", 0}, {"contractive", 0}};

std::shared_ptr<FamilyOptions> AddTrainOptions(CLI::App& line);

class SqueezePart : public PartModel {
 public:
  SqueezePart(const Architecture& arch, const std::string& part, const TrainingOptions& options,
              ParamStore& params)
      : PartModel(arch, part, params),
        options_(options),
        layout_(LayoutOf(arch, part)),
        seen_(layout_) {}

  void InitOwn() override;
  void Start(const std::function<Batch()>& next) override;
  // The networks are taken over, silent as at a start; transform and tables are measured anew.
  Status StartFromPart(const TensorFile& checkpoint, const std::string& prefix,
                       const std::string& other, const std::function<Batch()>& next) override;

  std::vector<std::string> Frozen() const override;
  Loss Forward(const Batch& batch, const Phase& phase) const override;
  // The tables of the prior follow what is coded.
  void AfterStep(const Observations& observations, ParamStore& average) override;
  Loss Validate(const Batch& batch, const RunOptions& run) const override;

  Result<PartExport> Export(const Measurement& measurement) const override;

 private:
  // Whether the run has a contractive loss.
  bool Contracts() const { return objective().weight("contractive") > 0; }
  // "latent" and "detail" of a residual, in units of 8-bit samples.
  TensorMap Analyze(const Tensor& residual, const Batch& batch, const RunOptions& run) const;
  // The picture, real units.
  Tensor Decode(const CodedTiles& coded, const Batch& batch, const RunOptions& run) const;
  Loss Run(const Batch& batch, const RunOptions& run, codec::PriorStatistics* statistics) const;
  // Fits the prior to what is coded with it, some times over.
  void FitPrior(const std::function<Batch()>& next);

  TrainingOptions options_;
  codec::Layout layout_;
  codec::PriorStatistics seen_;  // since the last fit
  int64_t observed_ = 0;         // steps
};

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr& options, ParamStore& params);

}  // namespace furl::train::squeeze

#endif  // FURL_TRAIN_FAMILIES_SQUEEZE_SQUEEZE_PART_H_
