#include "train/families/vae/vae_part.h"

#include <CLI/CLI.hpp>
#include <utility>

namespace furl::train::vae {
namespace {

// Takes the mean over each plane of a packed block out of the first three quarters of the filters
// and scales all: what varies in a block is a fraction of what its mean is.
void CenterFilters(const std::string& name, double gain, ParamStore& params) {
  if (!params.Has(name + ".weight")) return;
  auto weight = params.Get(name + ".weight").detach().clone();  // [out, 96, 1, 1]
  auto centered = weight.slice(0, 0, weight.size(0) * 3 / 4);
  constexpr int kPlanes[3][2] = {{0, 64}, {64, 80}, {80, 96}};
  for (const auto& [begin, end] : kPlanes) {
    auto plane = centered.slice(1, begin, end);
    plane -= plane.mean(1, /*keepdim=*/true);
  }
  params.Set(name + ".weight", weight * gain);
}

}  // namespace

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
