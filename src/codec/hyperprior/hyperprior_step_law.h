// The step law of hyperprior codecs (docs/hyperprior.md, "Encoder").

#ifndef FURL_CODEC_HYPERPRIOR_HYPERPRIOR_STEP_LAW_H_
#define FURL_CODEC_HYPERPRIOR_HYPERPRIOR_STEP_LAW_H_

#include "codec/common/step_law.h"

namespace furl::hyperprior {

inline constexpr StepLaw kStepLaw = {.at_qp0 = 2.0, .qps_per_doubling = 10.0};

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_HYPERPRIOR_STEP_LAW_H_
