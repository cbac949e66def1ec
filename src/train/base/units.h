// What 1.0 of the real-valued view is in the integers of the codec
// (docs/numerics.md).

#ifndef FURL_TRAIN_BASE_UNITS_H_
#define FURL_TRAIN_BASE_UNITS_H_

namespace furl::train {

inline constexpr double kU7Unit = 32.0;      // of u7 tensors
inline constexpr double kS16Unit = 512.0;    // of s16 tensors, and of s12 samples
inline constexpr double kSampleUnit = 32.0;  // of 8-bit samples, that is of s12 >> 4
inline constexpr double kGateUnit = 4.0;     // of a gate that is all open: 128 in u7
inline constexpr double kU7Max = 127.0 / kU7Unit;

}  // namespace furl::train

#endif  // FURL_TRAIN_BASE_UNITS_H_
