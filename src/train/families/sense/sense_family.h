// The sense family of the trainer.

#ifndef FURL_TRAIN_FAMILIES_SENSE_SENSE_FAMILY_H_
#define FURL_TRAIN_FAMILIES_SENSE_SENSE_FAMILY_H_

#include "train/family/family.h"

namespace furl::train::sense {

extern const TrainFamily kSenseFamily;

}  // namespace furl::train::sense

#endif  // FURL_TRAIN_FAMILIES_SENSE_SENSE_FAMILY_H_
