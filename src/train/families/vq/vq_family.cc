#include "train/families/vq/vq_family.h"

#include "train/families/vq/calibration.h"
#include "train/families/vq/vq_part.h"

namespace furl::train::vq {
namespace {

constexpr TrainPart kParts[] = {{"intra", false}, {"inter", true}};

}  // namespace

constinit const TrainFamily kVqFamily = {
    .name = "vq",
    .parts = kParts,
    .train_options = AddTrainOptions,
    .create = CreatePart,
    .calibrate_options = AddCalibrateOptions,
    .calibrate = CreateCalibration,
    .losses = kLosses,
};

}  // namespace furl::train::vq
