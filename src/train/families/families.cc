#include "train/families/families.h"

#include "train/families/sense/sense_family.h"
#include "train/families/squeeze/squeeze_family.h"
#include "train/families/transform/transform_family.h"
#include "train/families/vae/vae_family.h"
#include "train/families/vq/vq_family.h"

namespace furl::train {
namespace {

// A new family is an include above and a line here.
const TrainFamily* const kFamilies[] = {
    &transform::kTransformFamily,
    &squeeze::kSqueezeFamily,
    &sense::kSenseFamily,
    &vae::kVaeFamily,
    &vq::kVqFamily,
};

}  // namespace

std::span<const TrainFamily* const> TrainFamilies() { return kFamilies; }

}  // namespace furl::train
