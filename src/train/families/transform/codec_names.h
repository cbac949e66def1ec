// The codec's side of this family, by the names that this folder uses.

#ifndef FURL_TRAIN_FAMILIES_TRANSFORM_CODEC_NAMES_H_
#define FURL_TRAIN_FAMILIES_TRANSFORM_CODEC_NAMES_H_

#include "codec/families/transform/transform_step_law.h"
#include "codec/families/transform/transform_symbols.h"

namespace furl::train::transform {

namespace codec = furl::transform;

using codec::kHyperChannels;
using codec::kLatentChannels;
using codec::kLowChannels;
using codec::kNumPasses;
using codec::kPasses;

}  // namespace furl::train::transform

#endif  // FURL_TRAIN_FAMILIES_TRANSFORM_CODEC_NAMES_H_
