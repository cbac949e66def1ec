// The step law of the transform family (docs/transform.md, "Encoder").

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_STEP_LAW_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_STEP_LAW_H_

#include "codec/common/step_law.h"

namespace furl::transform {

inline constexpr StepLaw kStepLaw = {.at_qp0 = 2.0, .qps_per_doubling = 10.0};

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_STEP_LAW_H_
