// The vq family's row of the trainer's list.

#ifndef FURL_TRAIN_FAMILIES_VQ_VQ_FAMILY_H_
#define FURL_TRAIN_FAMILIES_VQ_VQ_FAMILY_H_

#include "train/family/family.h"

namespace furl::train::vq {

extern const TrainFamily kVqFamily;

}  // namespace furl::train::vq

#endif  // FURL_TRAIN_FAMILIES_VQ_VQ_FAMILY_H_
