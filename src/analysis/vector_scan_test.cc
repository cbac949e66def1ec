#include "analysis/vector_scan.h"

#include <gtest/gtest.h>

#include <hwy/highway.h>

#include <algorithm>
#include <random>
#include <vector>

namespace furl::analysis {
namespace {

std::vector<int8_t> RandomVectors(std::mt19937& random, size_t count) {
  std::uniform_int_distribution<int> number(-127, 127);
  std::vector<int8_t> vectors(count * kVectorSize);
  for (int8_t& v : vectors) v = static_cast<int8_t>(number(random));
  return vectors;
}

Vector At(const std::vector<int8_t>& vectors, size_t i) {
  Vector vector;
  std::copy_n(&vectors[i * kVectorSize], kVectorSize, vector.begin());
  return vector;
}

TEST(VectorScan, EveryTargetIsExact) {
  std::mt19937 random(1);
  constexpr size_t kCount = 37;
  std::vector<int8_t> vectors = RandomVectors(random, kCount);
  // The largest products of both signs.
  std::fill_n(vectors.begin(), kVectorSize, int8_t{127});
  std::fill_n(vectors.begin() + kVectorSize, kVectorSize, int8_t{-127});
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    for (size_t q = 0; q < kCount; ++q) {
      const Vector query = At(vectors, q);
      std::vector<int32_t> scores(kCount - 1);
      // Not aligned: from the second on.
      ScoreVectors(query, &vectors[kVectorSize], scores);
      for (size_t i = 0; i < scores.size(); ++i) {
        ASSERT_EQ(scores[i], ScoreScalar(query.data(), &vectors[(i + 1) * kVectorSize]))
            << hwy::TargetName(target) << ", query " << q << ", vector " << i + 1;
      }
    }
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(VectorScan, MirrorImagesAreAlike) {
  std::mt19937 random(2);
  const std::vector<int8_t> vectors = RandomVectors(random, 2);
  const Vector a = At(vectors, 0);
  Vector mirrored = a;
  for (int i = kEvenSize; i < kVectorSize; ++i) mirrored[i] = static_cast<int8_t>(-mirrored[i]);
  const double length = LengthOf(a.data());
  EXPECT_DOUBLE_EQ(SimilarityOf(ScoreScalar(a.data(), a.data()), length, length), 1);
  EXPECT_DOUBLE_EQ(SimilarityOf(ScoreScalar(a.data(), mirrored.data()), length, length), 1);
  const Vector other = At(vectors, 1);
  EXPECT_LT(SimilarityOf(ScoreScalar(a.data(), other.data()), length, LengthOf(other.data())), 0.6);
}

TEST(VectorScan, ZerosAreLikeNothing) {
  const Vector zeros = {};
  EXPECT_EQ(LengthOf(zeros.data()), 0);
  EXPECT_EQ(SimilarityOf(0, 0, 5), 0);
}

}  // namespace
}  // namespace furl::analysis
