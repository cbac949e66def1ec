#include "train/families/transform/transform_family.h"

#include "train/hyperprior/calibration.h"
#include "train/hyperprior/hyperprior_part.h"

namespace furl::train::transform {
namespace {

// An inter part starts from the intra part's weights.
constexpr TrainPart kParts[] = {{"intra", false}, {"inter", true}};

std::unique_ptr<PartModel> CreatePart(const Architecture& arch, const std::string& part,
                                      const FamilyOptionsPtr& options, ParamStore& params) {
  return std::make_unique<hyperprior::HyperpriorPart>(
      arch, part, static_cast<const hyperprior::TrainingOptions&>(*options), params);
}

Result<std::unique_ptr<Calibration>> Calibrate(const TensorFile& file,
                                               const FamilyOptionsPtr& options) {
  return hyperprior::CreateCalibration(file, furl::hyperprior::AnalysisInput::kResidual, options);
}

}  // namespace

constinit const TrainFamily kTransformFamily = {
    .name = "transform",
    .parts = kParts,
    .train_options = hyperprior::AddTrainOptions,
    .create = CreatePart,
    .calibrate_options = hyperprior::AddCalibrateOptions,
    .calibrate = Calibrate,
    .losses = hyperprior::kLosses,
};

}  // namespace furl::train::transform
