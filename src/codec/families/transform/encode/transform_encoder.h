// The encoder's side of the transform family.

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_ENCODE_TRANSFORM_ENCODER_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_ENCODE_TRANSFORM_ENCODER_H_

#include "codec/common/family.h"

namespace furl::transform {

// `family` is one that transform::CreateFamily made. kUnsupported where its model was stripped
// of the analysis networks; kInvalidStream where they are malformed.
Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family);

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_ENCODE_TRANSFORM_ENCODER_H_
