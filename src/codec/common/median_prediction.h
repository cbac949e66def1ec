// The predictor of JPEG-LS (ITU-T T.87): what a value is likely to be, given three around it.

#ifndef FURL_CODEC_COMMON_MEDIAN_PREDICTION_H_
#define FURL_CODEC_COMMON_MEDIAN_PREDICTION_H_

#include <algorithm>

namespace furl {

// The median of left, above and the plane through the three; `corner` is above left.
inline int MedianPrediction(int left, int above, int corner) {
  const int plane = left + above - corner;
  return std::max(std::min(left, above), std::min(std::max(left, above), plane));
}

}  // namespace furl

#endif  // FURL_CODEC_COMMON_MEDIAN_PREDICTION_H_
