// The encoder's choices for one frame of the transform family: several attempts at
// the same frame, of which the best in the rate-distortion sense is kept.

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_ENCODE_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_ENCODE_H_

#include <vector>

#include "codec/common/family.h"
#include "codec/families/transform/transform_frame.h"
#include "codec/families/transform/transform_nets.h"
#include "codec/families/transform/transform_statistics.h"

namespace furl::transform {

// See Family::EncodeFrame. `observer` may be null.
Status EncodeTransformFrame(const FrameNets& nets, const FrameTask& task,
                            const FamilyEncodeOptions& options, const Frame& original,
                            const FrameObserver& observer, TransformState* state,
                            RangeEncoder* side, std::vector<uint8_t>* latents,
                            Frame* reconstruction);

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_ENCODE_H_
