// What bits and errors weigh against each other, for encoders and training.

#ifndef FURL_CODEC_COMMON_RATE_DISTORTION_H_
#define FURL_CODEC_COMMON_RATE_DISTORTION_H_

namespace furl {

// The Lagrangian: a bit costs as much as a squared error of 0.12 Delta^2, with Delta the
// quantizer step. In percent, so that integer costs can be derived exactly.
inline constexpr int kLagrangianPercent = 12;
inline constexpr double kLagrangian = kLagrangianPercent / 100.0;

// What a squared error of a chroma sample weighs against one of luma, in training, in the
// transform, and where encoders choose. Balances (6 Y + U + V) / 8 PSNR: decision 12.
inline constexpr double kChromaWeight = 3.125;

}  // namespace furl

#endif  // FURL_CODEC_COMMON_RATE_DISTORTION_H_
