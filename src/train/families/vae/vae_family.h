// The row of the vae family in the trainer's list.

#ifndef FURL_TRAIN_FAMILIES_VAE_VAE_FAMILY_H_
#define FURL_TRAIN_FAMILIES_VAE_VAE_FAMILY_H_

#include "train/family/family.h"

namespace furl::train::vae {

extern const TrainFamily kVaeFamily;

}  // namespace furl::train::vae

#endif  // FURL_TRAIN_FAMILIES_VAE_VAE_FAMILY_H_
