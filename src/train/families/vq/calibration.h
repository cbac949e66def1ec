// The loop filter of a model of the vq family, fitted to what the real encoder decodes.

#ifndef FURL_TRAIN_FAMILIES_VQ_CALIBRATION_H_
#define FURL_TRAIN_FAMILIES_VQ_CALIBRATION_H_

#include <memory>

#include "train/family/family.h"

namespace furl::train::vq {

std::shared_ptr<FamilyOptions> AddCalibrateOptions(CLI::App& line);
Result<std::unique_ptr<Calibration>> CreateCalibration(const TensorFile& file,
                                                       const FamilyOptionsPtr& options);

}  // namespace furl::train::vq

#endif  // FURL_TRAIN_FAMILIES_VQ_CALIBRATION_H_
