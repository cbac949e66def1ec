#include "filter/tap_fit.h"

#include <cmath>
#include <cstddef>

namespace furl::filter {
namespace {

// Samples' worth of leaning on 0, and a part of the inputs' power that keeps nearly dependent
// taps small.
constexpr double kPriorSamples = 20;
constexpr double kRidge = 1e-3;

}  // namespace

void TapSums::AddCell(const ConstPlane& decoded, const ConstPlane& original, int up, int cell_x,
                      int cell_y, double weight) {
  for (int i = 0; i < 4; ++i) {
    const int x = 2 * cell_x + i % 2;
    const int y = 2 * cell_y + i / 2;
    const uint16_t* s = decoded.row(y) + x;
    const double error = (original.row(y)[x] << up) - s[0];
    std::array<double, kTaps> input;
    for (int k = 0; k < kTaps; ++k) {
      const ptrdiff_t offset = kTapOffsets[k][0] + kTapOffsets[k][1] * decoded.stride;
      input[k] = s[offset] + s[-offset] - 2 * s[0];
    }
    for (int k = 0; k < kTaps; ++k) {
      for (int j = 0; j <= k; ++j) inputs_[k][j] += weight * input[k] * input[j];
      error_[k] += weight * input[k] * error;
    }
    squares_ += weight * error * error;
    ++count_;
  }
}

TapSums& TapSums::operator+=(const TapSums& other) {
  for (int k = 0; k < kTaps; ++k) {
    for (int j = 0; j <= k; ++j) inputs_[k][j] += other.inputs_[k][j];
    error_[k] += other.error_[k];
  }
  squares_ += other.squares_;
  count_ += other.count_;
  return *this;
}

double TapSums::Gain(const FittedTaps& taps) const {
  double gain = 0;
  for (int k = 0; k < kTaps; ++k) {
    gain += taps[k] * (2 * error_[k] - taps[k] * inputs_[k][k]);
    for (int j = 0; j < k; ++j) gain -= 2 * taps[k] * taps[j] * inputs_[k][j];
  }
  return gain;
}

// Cholesky decomposition of the regularized normal equations.
FittedTaps TapSums::Solve() const {
  auto l = inputs_;
  double power = 0;
  for (int k = 0; k < kTaps; ++k) power += l[k][k] / kTaps;
  FittedTaps taps = error_;
  if (power == 0) return {};
  for (int k = 0; k < kTaps; ++k) {
    l[k][k] += power * (kRidge + kPriorSamples / count_);
    for (int j = 0; j <= k; ++j) {
      for (int i = 0; i < j; ++i) l[k][j] -= l[k][i] * l[j][i];
      l[k][j] = j == k ? std::sqrt(l[k][k]) : l[k][j] / l[j][j];
    }
    for (int i = 0; i < k; ++i) taps[k] -= l[k][i] * taps[i];
    taps[k] /= l[k][k];
  }
  for (int k = kTaps - 1; k >= 0; --k) {
    for (int i = k + 1; i < kTaps; ++i) taps[k] -= l[i][k] * taps[i];
    taps[k] /= l[k][k];
  }
  return taps;
}

}  // namespace furl::filter
