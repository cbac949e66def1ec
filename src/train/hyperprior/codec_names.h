// The codec's side of this family, by the names that this folder uses.

#ifndef FURL_TRAIN_HYPERPRIOR_CODEC_NAMES_H_
#define FURL_TRAIN_HYPERPRIOR_CODEC_NAMES_H_

#include "codec/hyperprior/hyperprior_step_law.h"
#include "codec/hyperprior/latent_symbols.h"

namespace furl::train::hyperprior {

namespace codec = furl::hyperprior;

using codec::kHyperChannels;
using codec::kLatentChannels;
using codec::kLowChannels;
using codec::kNumPasses;
using codec::kPasses;

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_CODEC_NAMES_H_
