#include "train/families/squeeze/squeeze_family.h"

#include "train/families/squeeze/calibration.h"
#include "train/families/squeeze/squeeze_part.h"

namespace furl::train::squeeze {
namespace {

constexpr TrainPart kParts[] = {{"intra", false}, {"inter", true}};

}  // namespace

constinit const TrainFamily kSqueezeFamily = {
    .name = "squeeze",
    .parts = kParts,
    .train_options = AddTrainOptions,
    .create = CreatePart,
    .calibrate_options = AddCalibrateOptions,
    .calibrate = CreateCalibration,
    .losses = kLosses,
};

}  // namespace furl::train::squeeze
