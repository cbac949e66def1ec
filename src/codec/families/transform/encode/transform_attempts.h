// The encoder's choices for one frame of the transform family: several attempts at
// the same frame, of which the best in the rate-distortion sense is kept.

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_ENCODE_TRANSFORM_ATTEMPTS_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_ENCODE_TRANSFORM_ATTEMPTS_H_

#include <vector>

#include "codec/common/family.h"
#include "codec/families/transform/encode/transform_analysis.h"
#include "codec/latents/encode/symbol_counts.h"

namespace furl::transform {

// See FamilyEncoder::EncodeFrame. `observer` may be null.
Status EncodeTransformFrame(const EncoderNets& nets, const FrameTask& task, const Frame& original,
                            const latents::FrameObserver& observer, EncoderState* state,
                            RangeEncoder* side, std::vector<uint8_t>* latents,
                            Frame* reconstruction);

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_ENCODE_TRANSFORM_ATTEMPTS_H_
