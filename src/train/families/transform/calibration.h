// Symbol tables and loop filter from what the real encoder writes. Export measures tables on crops
// with a rounding of its own, and knows no loop filter. The encoder's choices follow tables and
// filter in turn, so all settle over some rounds.

#ifndef FURL_TRAIN_FAMILIES_TRANSFORM_CALIBRATION_H_
#define FURL_TRAIN_FAMILIES_TRANSFORM_CALIBRATION_H_

#include <memory>

#include "train/families/family.h"

namespace furl::train::transform {

std::shared_ptr<FamilyOptions> AddCalibrateOptions(CLI::App& line);

Result<std::unique_ptr<Calibration>> CreateCalibration(const TensorFile& file,
                                                       const FamilyOptionsPtr& options);

}  // namespace furl::train::transform

#endif  // FURL_TRAIN_FAMILIES_TRANSFORM_CALIBRATION_H_
