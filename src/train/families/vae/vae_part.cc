#include "train/families/vae/vae_part.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "train/network/center_filters.h"

namespace furl::train::vae {
std::shared_ptr<FamilyOptions> AddTrainOptions(CLI::App& line) {
  auto o = std::make_shared<hyperprior::TrainingOptions>();
  o->analysis_part = 1;
  line.add_option("--analysis-part", o->analysis_part, "part with the analysis trained too");
  line.add_option("--hyper-keep", o->hyper_keep, "part of the crops that keep their z");
  return o;
}

void VaePart::InitOwn() {
  HyperpriorPart::InitOwn();
  torch::NoGradGuard no_grad;
  CenterFilters(part_ + ".synthesis.picture", 2, params_);
  CenterFilters(part_ + ".synthesis.residual", 3, params_);
  CenterFilters(part_ + ".analysis.pred", 2, params_);
  CenterFilters(part_ + ".analysis.residual", 3, params_);
}

std::vector<std::string> VaePart::Frozen() const {
  std::vector<std::string> frozen = HyperpriorPart::Frozen();
  frozen.push_back(part_ + ".analysis.klt");
  return frozen;
}

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr& options, ParamStore& params) {
  return std::make_unique<VaePart>(
      arch, part, static_cast<const hyperprior::TrainingOptions&>(*options), params);
}

}  // namespace furl::train::vae
