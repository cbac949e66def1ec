#include "train/families/sense/sense_family.h"

#include "train/families/sense/sense_part.h"

namespace furl::train::sense {
namespace {

constexpr TrainPart kParts[] = {{.name = "video", .inter = false, .sequences = true}};

std::shared_ptr<FamilyOptions> NoOptions(CLI::App& /*line*/) {
  return std::make_shared<FamilyOptions>();
}

}  // namespace

constinit const TrainFamily kSenseFamily = {
    .name = "sense",
    .parts = kParts,
    .train_options = NoOptions,
    .create = CreatePart,
    .calibrate_options = nullptr,
    .calibrate = nullptr,
    .losses = kLosses,
};

}  // namespace furl::train::sense
