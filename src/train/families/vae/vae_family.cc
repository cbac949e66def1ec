#include "train/families/vae/vae_family.h"

#include "train/families/vae/vae_part.h"
#include "train/hyperprior/calibration.h"

namespace furl::train::vae {
namespace {

constexpr TrainPart kParts[] = {{"intra", false}, {"inter", true}};

Result<std::unique_ptr<Calibration>> Calibrate(const TensorFile& file,
                                               const FamilyOptionsPtr& options) {
  return hyperprior::CreateCalibration(file, furl::hyperprior::AnalysisInput::kResidualPrediction,
                                       options);
}

}  // namespace

constinit const TrainFamily kVaeFamily = {
    .name = "vae",
    .parts = kParts,
    .train_options = AddTrainOptions,
    .create = CreatePart,
    .calibrate_options = hyperprior::AddCalibrateOptions,
    .calibrate = Calibrate,
    .losses = hyperprior::kLosses,
};

}  // namespace furl::train::vae
