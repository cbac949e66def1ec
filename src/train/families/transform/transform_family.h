// The row of the transform family (docs/transform.md) in the trainer's list.

#ifndef FURL_TRAIN_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_
#define FURL_TRAIN_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_

#include "train/family/family.h"

namespace furl::train::transform {

extern const TrainFamily kTransformFamily;

}  // namespace furl::train::transform

#endif  // FURL_TRAIN_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_
