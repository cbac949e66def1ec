// Taps of the loop filter by least squares: those that bring decoded samples nearest to the
// original.

#ifndef FURL_FILTER_TAP_FIT_H_
#define FURL_FILTER_TAP_FIT_H_

#include <array>

#include "filter/cell_classes.h"
#include "image/frame.h"

namespace furl::filter {

using FittedTaps = std::array<double, kTaps>;  // 1 is the weight of the sample itself

// What least squares needs to know of the samples of a class.
class TapSums {
 public:
  // The four samples of a cell. `decoded` has 12 bits and a border, `original` `up` bits less.
  void AddCell(const ConstPlane& decoded, const ConstPlane& original, int up, int cell_x,
               int cell_y, double weight);
  TapSums& operator+=(const TapSums& other);

  // The best taps; all zero where no input differs from its sample.
  FittedTaps Solve() const;

  // Weighted squared error of the samples as they are, and by how much taps lower it.
  double error() const { return squares_; }
  double Gain(const FittedTaps& taps) const;

 private:
  // Products of the taps' inputs with each other (lower half) and with the error.
  std::array<std::array<double, kTaps>, kTaps> inputs_{};
  std::array<double, kTaps> error_{};
  double squares_ = 0;
  double count_ = 0;
};

}  // namespace furl::filter

#endif  // FURL_FILTER_TAP_FIT_H_
