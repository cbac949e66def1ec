// What a crf means: a step of the quantizer that saves about a tenth of the bits, and a mean
// quality that hardly depends on how the frames are arranged.

#ifndef FURL_CODEC_COMMON_QUALITY_SCALE_H_
#define FURL_CODEC_COMMON_QUALITY_SCALE_H_

namespace furl {

// Qualities that encoders take, from the best to the smallest file; fractions count.
inline constexpr double kMinCrf = 0;
inline constexpr double kMaxCrf = 63;

// The QP that frames are planned from (propagation.h, FrameQp) for the mean quality of `crf`, with
// key frames `gop_length` frames apart. May lie outside the range of QPs.
double BaseQp(double crf, int gop_length, bool low_delay);

}  // namespace furl

#endif  // FURL_CODEC_COMMON_QUALITY_SCALE_H_
