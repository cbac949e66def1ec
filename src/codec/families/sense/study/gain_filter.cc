#include "codec/families/sense/study/gain_filter.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "codec/families/sense/block_transform.h"
#include "codec/families/sense/encode/block_measurer.h"
#include "codec/families/sense/study/block_dct.h"

namespace furl::sense {
namespace {

// All rows of the measurement matrix, of coefficients.
std::vector<double> MatrixOfCoefficients(int side) {
  const BlockDct dct(side);
  const int rows = side == kBlock ? kMostLuma : kMostChroma;
  const float unit = side == kBlock ? 1.0f : 2.0f;  // of measurements of chroma (block_transform.h)
  std::vector<double> matrix;
  std::vector<float> samples(dct.count()), coefficients(dct.count());
  for (int row = 0; row < rows; ++row) {
    for (int i = 0; i < dct.count(); ++i) {
      samples[i] = unit * static_cast<float>(MatrixEntry(side, row, i % side, i / side));
    }
    dct.Forward(samples.data(), coefficients.data());
    matrix.insert(matrix.end(), coefficients.begin(), coefficients.end());
  }
  return matrix;
}

double Dot(const double* a, const double* b, int count) {
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

// to += scale * from.
void AddScaled(double scale, const double* from, int count, double* to) {
  for (int i = 0; i < count; ++i) to[i] += scale * from[i];
}

}  // namespace

double QuantizerNoise(int step) {
  // Thresholds are kRounding of a step below and the rest of it above each value.
  const double below = std::pow(kRounding, 3);
  const double above = std::pow(1 - kRounding, 3);
  return step * static_cast<double>(step) * (below + above) / 3;
}

void SolvePositive(int size, int columns, std::vector<double>* matrix, std::vector<double>* right) {
  double* const m = matrix->data();
  const auto row_of = [&](int r) { return right->data() + static_cast<ptrdiff_t>(r) * columns; };
  for (int r = 0; r < size; ++r) {  // Cholesky's factor L into the lower triangle; L^-1 of `right`
    for (int c = 0; c < r; ++c) {
      m[r * size + c] = (m[r * size + c] - Dot(m + r * size, m + c * size, c)) / m[c * size + c];
    }
    m[r * size + r] = std::sqrt(m[r * size + r] - Dot(m + r * size, m + r * size, r));
    for (int c = 0; c < r; ++c) AddScaled(-m[r * size + c], row_of(c), columns, row_of(r));
    for (int k = 0; k < columns; ++k) row_of(r)[k] /= m[r * size + r];
  }
  for (int r = size - 1; r >= 0; --r) {
    for (int c = r + 1; c < size; ++c) AddScaled(-m[c * size + r], row_of(c), columns, row_of(r));
    for (int k = 0; k < columns; ++k) row_of(r)[k] /= m[r * size + r];
  }
}

GainFilter::GainFilter(const PlanePrior& prior, int side)
    : prior_(prior),
      count_(side * side),
      matrix_(MatrixOfCoefficients(side)),
      covariance_(static_cast<size_t>(count_) * count_) {
  Forget();
}

void GainFilter::Forget() {
  std::fill(covariance_.begin(), covariance_.end(), 0.0);
  for (int k = 0; k < count_; ++k) covariance_[k * count_ + k] = prior_.variance[k];
}

// What correlates with the frame before stays known; of the rest comes so much that the variance
// of coefficients is the same in every frame.
void GainFilter::Advance() {
  const std::vector<double>& c = prior_.correlation;
  for (int j = 0; j < count_; ++j) {
    for (int k = 0; k < count_; ++k) covariance_[j * count_ + k] *= c[j] * c[k];
    covariance_[j * count_ + j] += prior_.variance[j] * (1 - c[j] * c[j]);
  }
}

void GainFilter::Correct(std::span<const double> known, std::span<const double> change, int rows) {
  for (int j = 0; j < count_; ++j) {
    for (int r = 0; r < rows; ++r) {
      AddScaled(-known[r * count_ + j], change.data() + static_cast<ptrdiff_t>(r) * count_, count_,
                covariance_.data() + static_cast<ptrdiff_t>(j) * count_);
    }
  }
}

Gain GainFilter::Measure(bool fresh, std::span<const uint8_t> rows, double noise) {
  fresh ? Forget() : Advance();
  const int size = static_cast<int>(rows.size());
  Gain gain;
  gain.rows = size;
  gain.expected.resize(static_cast<size_t>(count_) * size);
  std::vector<double> known(static_cast<size_t>(size) * count_);  // matrix times covariance
  std::vector<double> own(static_cast<size_t>(size) * size);      // covariance of measurements
  for (int r = 0; r < size; ++r) {
    const double* const row = &matrix_[rows[r] * count_];
    for (int j = 0; j < count_; ++j) {
      gain.expected[j * size + r] = static_cast<float>(row[j]);
      AddScaled(row[j], &covariance_[j * count_], count_, &known[r * count_]);
    }
    for (int q = 0; q < size; ++q) {
      own[r * size + q] = Dot(&known[r * count_], &matrix_[rows[q] * count_], count_);
    }
    own[r * size + r] += noise;
  }
  std::vector<double> change = known;
  SolvePositive(size, count_, &own, &change);
  Correct(known, change, size);
  gain.change.assign(change.begin(), change.end());
  return gain;
}

double GainFilter::ExpectedError() const {
  double sum = 0;
  for (int k = 0; k < count_; ++k) sum += covariance_[k * count_ + k];
  return sum;
}

}  // namespace furl::sense
