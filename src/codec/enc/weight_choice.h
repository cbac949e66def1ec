// Whether a reference is worth weighing for a frame, and how.

#ifndef FURL_CODEC_ENC_WEIGHT_CHOICE_H_
#define FURL_CODEC_ENC_WEIGHT_CHOICE_H_

#include "image/frame.h"
#include "motion/weights.h"

namespace furl {

// Weights under which the means of `reference`'s 16x16 blocks come closest to the original's;
// none where that gains little. Both have the same format.
motion::Weights ChooseWeights(const Frame& original, const Frame& reference);

}  // namespace furl

#endif  // FURL_CODEC_ENC_WEIGHT_CHOICE_H_
