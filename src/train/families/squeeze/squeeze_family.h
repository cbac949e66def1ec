// The row of the squeeze family (docs/squeeze.md) in the trainer's list.

#ifndef FURL_TRAIN_FAMILIES_SQUEEZE_SQUEEZE_FAMILY_H_
#define FURL_TRAIN_FAMILIES_SQUEEZE_SQUEEZE_FAMILY_H_

#include "train/family/family.h"

namespace furl::train::squeeze {

extern const TrainFamily kSqueezeFamily;

}  // namespace furl::train::squeeze

#endif  // FURL_TRAIN_FAMILIES_SQUEEZE_SQUEEZE_FAMILY_H_
