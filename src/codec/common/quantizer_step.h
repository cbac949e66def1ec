// The quantizer step of a QP and the weight of chroma: what encoders plan with, and
// what the trainer writes into a model's tables. Decoders know the tables alone.

#ifndef FURL_CODEC_COMMON_QUANTIZER_STEP_H_
#define FURL_CODEC_COMMON_QUANTIZER_STEP_H_

#include <cmath>

namespace furl {

inline constexpr double kStepAtQp0 = 2.0;        // 8-bit sample units
inline constexpr double kQpsPerDoubling = 10.0;  // of the step

// What a squared error of a chroma sample weighs against one of luma, in training, in the
// transform, and where encoders choose. Balances (6 Y + U + V) / 8 PSNR: decision 12.
inline constexpr double kChromaWeight = 3.125;

// Quantizer step of the default tables in 8-bit units (docs/transform.md, "Encoder").
inline double QuantizerStep(double qp) { return kStepAtQp0 * std::exp2(qp / kQpsPerDoubling); }

}  // namespace furl

#endif  // FURL_CODEC_COMMON_QUANTIZER_STEP_H_
