// The quantizer step of a QP: what encoders plan with, and what the trainer
// writes into a model's tables. Decoders know the tables alone.

#ifndef FURL_CODEC_COMMON_QUANTIZER_STEP_H_
#define FURL_CODEC_COMMON_QUANTIZER_STEP_H_

#include <cmath>

namespace furl {

inline constexpr double kStepAtQp0 = 2.0;        // 8-bit sample units
inline constexpr double kQpsPerDoubling = 10.0;  // of the step

// Quantizer step of the default tables in 8-bit units (docs/vae.md, "Encoder").
inline double QuantizerStep(double qp) { return kStepAtQp0 * std::exp2(qp / kQpsPerDoubling); }

}  // namespace furl

#endif  // FURL_CODEC_COMMON_QUANTIZER_STEP_H_
