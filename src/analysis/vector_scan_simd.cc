// ScoreVectors for every SIMD target; exact.

#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "analysis/vector_scan_simd.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// Must come after foreach_target.
#include "analysis/vector_scan.h"
#include "base/pair_products-inl.h"
#include "hwy/highway.h"

#ifndef FURL_ANALYSIS_VECTOR_SCAN_SIMD_ONCE_
#define FURL_ANALYSIS_VECTOR_SCAN_SIMD_ONCE_
#include <algorithm>
#include <cstdlib>
#endif

HWY_BEFORE_NAMESPACE();
namespace furl::analysis {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

void ScoreKernel(const int8_t* query, const int8_t* vectors, int32_t* scores, size_t count) {
  for (size_t i = 0; i < count; ++i) scores[i] = ScoreScalar(query, vectors + i * kVectorSize);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

// At most 32 lanes, so that they divide a half.
using Wide = hn::CappedTag<int16_t, 32>;

// The product of a half with one that is widened already.
HWY_INLINE int32_t HalfProduct(const int16_t* query, const int8_t* vector) {
  const Wide d16;
  const hn::Rebind<int8_t, Wide> d8;
  const hn::Repartition<int32_t, Wide> d32;
  const int lanes = static_cast<int>(hn::Lanes(d16));
  auto sum = hn::Zero(d32);
  for (int i = 0; i < kEvenSize; i += lanes) {
    const auto v = hn::PromoteTo(d16, hn::LoadU(d8, vector + i));
    sum = furl::HWY_NAMESPACE::AddPairProducts(hn::LoadU(d16, query + i), v, sum);
  }
  return hn::GetLane(hn::SumOfLanes(d32, sum));
}

void ScoreKernel(const int8_t* query, const int8_t* vectors, int32_t* scores, size_t count) {
  int16_t wide[kVectorSize];
  std::copy_n(query, kVectorSize, wide);
  for (size_t i = 0; i < count; ++i) {
    const int8_t* const vector = vectors + i * kVectorSize;
    scores[i] =
        HalfProduct(wide, vector) + std::abs(HalfProduct(wide + kEvenSize, vector + kEvenSize));
  }
}

#endif  // HWY_TARGET

}  // namespace HWY_NAMESPACE
}  // namespace furl::analysis
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace furl::analysis {

HWY_EXPORT(ScoreKernel);

void ScoreVectors(const Vector& query, const int8_t* vectors, std::span<int32_t> scores) {
  HWY_DYNAMIC_DISPATCH(ScoreKernel)(query.data(), vectors, scores.data(), scores.size());
}

}  // namespace furl::analysis
#endif  // HWY_ONCE
