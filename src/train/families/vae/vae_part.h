// One part of a model of the vae family ("intra" or "inter"): the hyperprior codec of transform
// with networks in analysis and synthesis. Both start as the linear transform, to which their
// convolutional branches add nothing yet, so training starts where the transform family ends.

#ifndef FURL_TRAIN_FAMILIES_VAE_VAE_PART_H_
#define FURL_TRAIN_FAMILIES_VAE_VAE_PART_H_

#include <memory>
#include <string>
#include <vector>

#include "train/family/family.h"
#include "train/hyperprior/hyperprior_part.h"

namespace furl::train::vae {

std::shared_ptr<FamilyOptions> AddTrainOptions(CLI::App& line);

class VaePart : public hyperprior::HyperpriorPart {
 public:
  using HyperpriorPart::HyperpriorPart;

  // The first layers of the branches see differences inside a block before its mean.
  void InitOwn() override;
  // The linear transform under the networks stays orthogonal.
  std::vector<std::string> Frozen() const override;
};

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr& options, ParamStore& params);

}  // namespace furl::train::vae

#endif  // FURL_TRAIN_FAMILIES_VAE_VAE_PART_H_
