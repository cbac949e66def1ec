// The quantizer step that a QP stands for: what encoders plan with, and what a trainer writes
// into a model's tables. Decoders know the tables alone.

#ifndef FURL_CODEC_COMMON_STEP_LAW_H_
#define FURL_CODEC_COMMON_STEP_LAW_H_

#include <cmath>

namespace furl {

// A step that grows exponentially with the QP.
struct StepLaw {
  double at_qp0;            // in 8-bit sample units, of an orthonormal transform
  double qps_per_doubling;  // of the step

  double Step(double qp) const { return at_qp0 * std::exp2(qp / qps_per_doubling); }
};

}  // namespace furl

#endif  // FURL_CODEC_COMMON_STEP_LAW_H_
