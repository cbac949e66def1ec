// Symbol tables and loop filter from what the real encoder writes. Export measures tables on crops
// with a rounding of its own, and knows no loop filter. The encoder's choices follow tables and
// filter in turn, so all settle over some rounds.

#ifndef FURL_TRAIN_HYPERPRIOR_CALIBRATION_H_
#define FURL_TRAIN_HYPERPRIOR_CALIBRATION_H_

#include <memory>

#include "codec/hyperprior/frame_nets.h"
#include "train/family/family.h"
#include "train/hyperprior/codec_names.h"

namespace furl::train::hyperprior {

std::shared_ptr<FamilyOptions> AddCalibrateOptions(CLI::App& line);

// `input` is what the family's analysis takes.
Result<std::unique_ptr<Calibration>> CreateCalibration(const TensorFile& file,
                                                       codec::AnalysisInput input,
                                                       const FamilyOptionsPtr& options);

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_CALIBRATION_H_
