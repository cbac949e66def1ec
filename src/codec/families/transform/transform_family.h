// The transform family: a lapped linear transform whose latents networks predict
// (docs/transform.md). The prediction of latents is codec/hyperprior's.

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_

#include "codec/common/family.h"

namespace furl::transform {

inline constexpr FamilyAdvice kAdvice = {
    .take =
        "Take it unless another one has just what you need: few bits for little time, and tried "
        "most.",
    .leave = "Not where a model of 3 MB is too large, or a decoder of 3.4 kMAC per pixel too slow.",
};

// Fails with kInvalidStream where the model lacks what decoding needs or its synthesis is not
// linear.
Result<FamilyPtr> CreateFamily(model::ModelPtr model);

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FAMILY_H_
