// The tables of the squeeze family from what the real encoder writes with them.

#ifndef FURL_TRAIN_FAMILIES_SQUEEZE_CALIBRATION_H_
#define FURL_TRAIN_FAMILIES_SQUEEZE_CALIBRATION_H_

#include <memory>

#include "train/family/family.h"

namespace furl::train::squeeze {

std::shared_ptr<FamilyOptions> AddCalibrateOptions(CLI::App& line);

Result<std::unique_ptr<Calibration>> CreateCalibration(const TensorFile& file,
                                                       const FamilyOptionsPtr& options);

}  // namespace furl::train::squeeze

#endif  // FURL_TRAIN_FAMILIES_SQUEEZE_CALIBRATION_H_
