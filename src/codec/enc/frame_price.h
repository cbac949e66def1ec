// What a coded frame costs, rate and error together, where an encoder tries more than one way.

#ifndef FURL_CODEC_ENC_FRAME_PRICE_H_
#define FURL_CODEC_ENC_FRAME_PRICE_H_

#include "codec/enc/frame_encoder.h"

namespace furl {

// Squared error in 8-bit levels; that of chroma counts kChromaWeight.
double WeightedError(const Frame& target, const Frame& picture);

// In bits, by the Lagrangian of codec/common/rate_distortion.h; chroma counts as it says there.
// `step`: the frame's quantizer step in 8-bit levels. `target` is what the family came close to.
double PriceOf(const CodedFrame& coded, const Frame& target, double step);

}  // namespace furl

#endif  // FURL_CODEC_ENC_FRAME_PRICE_H_
