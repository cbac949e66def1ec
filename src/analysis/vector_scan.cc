#include "analysis/vector_scan.h"

#include <cmath>
#include <cstdlib>

namespace furl::analysis {

int32_t ScoreScalar(const int8_t* a, const int8_t* b) {
  int32_t even = 0;
  int32_t odd = 0;
  for (int i = 0; i < kEvenSize; ++i) {
    even += a[i] * b[i];
    odd += a[kEvenSize + i] * b[kEvenSize + i];
  }
  return even + std::abs(odd);
}

double LengthOf(const int8_t* vector) {
  int32_t squares = 0;
  for (int i = 0; i < kVectorSize; ++i) squares += vector[i] * vector[i];
  return std::sqrt(static_cast<double>(squares));
}

}  // namespace furl::analysis
