#include "codec/common/quality_scale.h"

#include <algorithm>
#include <cmath>

namespace furl {
namespace {

// All figures: decision 18, measured on training clips. A QP is 5 to 8 % of the bits, less at the
// coarse end; at the fine end 53 dB are enough.
constexpr double kFinest = -28;
constexpr double kCoarsest = 66;

// Where key frames are near, few frames owe their quality to others and all would get the QP of
// those that matter to none: the lower, the coarser the scale is.
double ShortGopOffset(double base, int gop_length) {
  constexpr double kOfKeyFramesOnly = 0.29;  // QPs per QP of the scale
  constexpr double kPerDoubling = 0.063;
  constexpr double kFrom = -4;  // below, no frame owes much to others
  const double slope = std::max(kOfKeyFramesOnly - kPerDoubling * std::log2(gop_length), 0.0);
  return -slope * std::max(base - kFrom, 0.0);
}

// With low delay QPs don't follow from the video, and all frames serve others.
double LowDelayOffset(double base) { return std::clamp(16.8 - 0.26 * base, 2.0, 18.0); }

}  // namespace

double BaseQp(double crf, int gop_length, bool low_delay) {
  const double base = kFinest + crf * (kCoarsest - kFinest) / (kMaxCrf - kMinCrf);
  return base + (low_delay ? LowDelayOffset(base) : ShortGopOffset(base, gop_length));
}

}  // namespace furl
