// The codec's side of this family, by the names that this folder uses.

#ifndef FURL_TRAIN_FAMILIES_TRANSFORM_CODEC_NAMES_H_
#define FURL_TRAIN_FAMILIES_TRANSFORM_CODEC_NAMES_H_

#include "codec/families/vae/vae_symbols.h"

namespace furl::train::transform {

namespace codec = furl::vae;

using codec::kHyperChannels;
using codec::kLatentChannels;
using codec::kLowChannels;
using codec::kNumSteps;
using codec::kSteps;

}  // namespace furl::train::transform

#endif  // FURL_TRAIN_FAMILIES_TRANSFORM_CODEC_NAMES_H_
