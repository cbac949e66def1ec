// The row of the toy family in the trainer's list.

#ifndef FURL_TRAIN_FAMILIES_TOY_TOY_FAMILY_H_
#define FURL_TRAIN_FAMILIES_TOY_TOY_FAMILY_H_

#include "train/family/family.h"

namespace furl::train::toy {

// One part, "all", for frames with and without predictions.
extern const TrainFamily kToyFamily;

}  // namespace furl::train::toy

#endif  // FURL_TRAIN_FAMILIES_TOY_TOY_FAMILY_H_
