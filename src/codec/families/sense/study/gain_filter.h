// The best linear estimate of a plane's coefficients from measurements with noise, frame after
// frame: R. E. Kalman, "A new approach to linear filtering and prediction problems" (1960). How far
// measurements move an estimate does not depend on them: one gain serves all blocks of a frame.

#ifndef FURL_CODEC_FAMILIES_SENSE_STUDY_GAIN_FILTER_H_
#define FURL_CODEC_FAMILIES_SENSE_STUDY_GAIN_FILTER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "codec/families/sense/study/block_prior.h"

namespace furl::sense {

// Of `rows` measurements and as many coefficients as a block of the plane has.
struct Gain {
  int rows = 0;
  // [coefficient][row]: what a measurement would be, a sum over the coefficients.
  std::vector<float> expected;
  // [row][coefficient]: what coefficients change by, per unit that a measurement is above that.
  std::vector<float> change;
};

class GainFilter {
 public:
  // `prior` is that of a plane whose blocks have that side.
  GainFilter(const PlanePrior& prior, int side);

  // The next frame comes, of which these rows (of MatrixEntry) are measured, each with an error of
  // variance `noise`, in squared units of measurements. `fresh`: frames before are forgotten.
  Gain Measure(bool fresh, std::span<const uint8_t> rows, double noise);

  // What the sum of squared errors of a block's samples will be behind Measure, by the prior.
  double ExpectedError() const;

 private:
  void Forget();
  void Advance();
  void Correct(std::span<const double> known, std::span<const double> change, int rows);

  const PlanePrior prior_;
  const int count_;                 // coefficients
  std::vector<double> matrix_;      // [row][coefficient], of all rows that there are
  std::vector<double> covariance_;  // of the estimate's error, [coefficient][coefficient]
};

// Mean square of what the codec's quantizer with that step does to measurements that are spread
// evenly between its thresholds.
double QuantizerNoise(int step);

// Overwrites `right` ([size, columns]) with X of `matrix` X = `right`; `matrix`, symmetric and
// positive definite, is overwritten as well.
void SolvePositive(int size, int columns, std::vector<double>* matrix, std::vector<double>* right);

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_STUDY_GAIN_FILTER_H_
