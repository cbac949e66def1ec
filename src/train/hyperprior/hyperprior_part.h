// One part ("intra" or "inter") of a model of a hyperprior family as the training loop sees it:
// its start, its loss, what it leaves untrained, its reconstruction offsets.

#ifndef FURL_TRAIN_HYPERPRIOR_HYPERPRIOR_PART_H_
#define FURL_TRAIN_HYPERPRIOR_HYPERPRIOR_PART_H_

#include <memory>
#include <string>
#include <vector>

#include "train/family/family.h"
#include "train/hyperprior/codec_model.h"
#include "train/hyperprior/symbol_statistics.h"

namespace furl::train::hyperprior {

struct TrainingOptions : FamilyOptions {
  double analysis_part = 0;     // of the schedule, at its end, with a free analysis
  bool rate_only = false;       // trains hyper and prior networks on the error of latents alone
  double hyper_keep = 1;        // part of the crops that keep their hyper-latent
  bool free_synthesis = false;  // trains the synthesis transform too
};

std::shared_ptr<FamilyOptions> AddTrainOptions(CLI::App& line);

// The losses that the parts of these families can be trained with: those of pictures.
inline constexpr LossDefault kLosses[] = {{"mse", 1},
                                          {"psnr", 0},
                                          {"l1", 0},
                                          {"ssim", 0},
                                          {"ms-ssim", 0},
                                          {"hinge", 0},
                                          {"least-squares", 0},
                                          {"feature-matching", 0}};

class HyperpriorPart : public PartModel {
 public:
  HyperpriorPart(const Architecture& arch, const std::string& part, const TrainingOptions& options,
                 ParamStore& params)
      : PartModel(arch, part, params), options_(options), model_(arch, part, params) {}

  // Distortions are what they stand for in squared error, over (0.12 step^2): bits at the item's
  // QP.
  Status SetObjective(Objective objective) override;

  void InitOwn() override { model_.InitEntropy(); }
  // The linear codec, measured, with an untrained network behind it.
  void Start(const std::function<Batch()>& next) override;
  // Weights are taken over where the graphs agree, and inputs that only this part has start
  // without influence; transform and offsets are measured anew.
  Status StartFromPart(const TensorFile& checkpoint, const std::string& prefix,
                       const std::string& other, const std::function<Batch()>& next) override;

  std::vector<std::string> Frozen() const override;
  Loss Forward(const Batch& batch, const Phase& phase) const override;
  // The table of reconstruction offsets follows the symbols with some delay.
  void AfterStep(const Observations& observations, ParamStore& average) override;
  // With the better of z and no z, as the encoder chooses.
  Loss Validate(const Batch& batch, const RunOptions& run) const override;

  Result<PartExport> Export(const Measurement& measurement) const override;

 private:
  TrainingOptions options_;
  CodecModel model_;
  SymbolStatistics symbols_;
};

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_HYPERPRIOR_PART_H_
