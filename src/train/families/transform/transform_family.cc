#include "train/families/transform/transform_family.h"

#include "train/families/transform/calibration.h"
#include "train/families/transform/transform_part.h"

namespace furl::train::transform {
namespace {

// An inter part starts from the intra part's weights.
constexpr TrainPart kParts[] = {{"intra", false}, {"inter", true}};

}  // namespace

constinit const TrainFamily kTransformFamily = {
    .name = "transform",
    .parts = kParts,
    .train_options = AddTrainOptions,
    .create = CreatePart,
    .calibrate_options = AddCalibrateOptions,
    .calibrate = CreateCalibration,
};

}  // namespace furl::train::transform
