// The one part of a model of the sense family, "video", as the training loop sees it: a variational
// autoencoder with a recurrent posterior, trained on runs of frames that begin with a key frame.

#ifndef FURL_TRAIN_FAMILIES_SENSE_SENSE_PART_H_
#define FURL_TRAIN_FAMILIES_SENSE_SENSE_PART_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "train/families/sense/linear_fit.h"
#include "train/family/family.h"

namespace furl::train::sense {

inline constexpr LossDefault kLosses[] = {
    {"mse", 1},   {"psnr", 0},          {"l1", 0},
    {"ssim", 0},  {"ms-ssim", 0},       {"kl", 0.01},
    {"hinge", 0}, {"least-squares", 0}, {"feature-matching", 0}};

class SensePart : public PartModel {
 public:
  using PartModel::PartModel;

  void InitOwn() override;
  // Fits the linear part to pictures and their measurements (linear_fit.h); the network beside it
  // is silent.
  void Start(const std::function<Batch()>& next) override;
  Status StartFromPart(const TensorFile& checkpoint, const std::string& prefix,
                       const std::string& other, const std::function<Batch()>& next) override;
  std::vector<std::string> Frozen() const override {
    return {part_ + ".posterior.absent.", part_ + ".synthesis.shares."};
  }
  Loss Forward(const Batch& batch, const Phase& phase) const override;
  Loss Validate(const Batch& batch, const RunOptions& run) const override;
  Result<PartExport> Export(const Measurement& measurement) const override;

 private:
  // What the posterior remembers.
  struct Memory {
    Tensor hidden, cell, rows;
  };
  Memory NoMemory(const Batch& batch) const;
  // What the linear part sees of a frame, [N, channels, H/16, W/16] but for the packed pictures.
  struct LinearView {
    Tensor original, residual;
    Tensor measured, taken;  // taken: 1 or 0
    Tensor before;           // rows of the frame before
    Tensor shared;           // the inverse's input
  };
  // Runs the posterior over sequences, frame by frame.
  void ForEachFrame(const std::function<Batch()>& next, int batches,
                    const std::function<void(const LinearView&)>& visit) const;
  void SetFixedGates();
  void SetFill(const FillFit::Weights& weights);
  Loss Run(const Batch& batch, const RunOptions& run, bool sample) const;
  // The latents of a frame: their mean, or with `sample` drawn from the posterior.
  struct Latents {
    Tensor mean, drawn;
  };
  Latents Infer(const TensorMap& seen, const Tensor& knots, const RunOptions& run, bool sample,
                Memory* memory) const;
  Tensor LogVariance(const Tensor& mean) const;
};

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr& options, ParamStore& params);

}  // namespace furl::train::sense

#endif  // FURL_TRAIN_FAMILIES_SENSE_SENSE_PART_H_
