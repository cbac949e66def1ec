// How alike vectors are: exact products in whole numbers, the same on every machine.

#ifndef FURL_ANALYSIS_VECTOR_SCAN_H_
#define FURL_ANALYSIS_VECTOR_SCAN_H_

#include <cstdint>
#include <span>

#include "analysis/descriptor.h"

namespace furl::analysis {

// The product of the even halves plus the magnitude of that of the odd ones: that of the vectors
// or, where it is more, of one and the other's mirror image. Numbers are -127..127.
int32_t ScoreScalar(const int8_t* a, const int8_t* b);

// The scores of `query` with vectors that follow each other, as many as `scores`.
void ScoreVectors(const Vector& query, const int8_t* vectors, std::span<int32_t> scores);

// 0 for a vector of zeros alone.
double LengthOf(const int8_t* vector);

// -1..1, of vectors with that score and these lengths; 0 where one of them is 0.
inline double SimilarityOf(int32_t score, double length_a, double length_b) {
  const double lengths = length_a * length_b;
  return lengths > 0 ? score / lengths : 0;
}

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_VECTOR_SCAN_H_
