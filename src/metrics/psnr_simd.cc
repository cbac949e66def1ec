// Squared differences of 16-bit samples, for every SIMD target; exact.

#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/psnr_simd.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// Must come after foreach_target.
#include "base/pair_products-inl.h"
#include "hwy/highway.h"
#include "metrics/psnr.h"

#ifndef FURL_METRICS_PSNR_SIMD_ONCE_
#define FURL_METRICS_PSNR_SIMD_ONCE_
#include <algorithm>
#endif

HWY_BEFORE_NAMESPACE();
namespace furl {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

uint64_t ErrorKernel(const uint16_t* a, const uint16_t* b, int n) {
  return SquaredErrorScalar(a, b, n);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

// The sum of unsigned 32-bit lanes in 64 bits.
template <class V32>
HWY_INLINE uint64_t WideSum(V32 v) {
  const hn::DFromV<V32> d32;
  const hn::Repartition<uint64_t, decltype(d32)> d64;
  const auto v64 = hn::BitCast(d64, v);
  const auto low = hn::And(v64, hn::Set(d64, 0xFFFFFFFFu));
  return hn::GetLane(hn::SumOfLanes(d64, hn::Add(low, hn::ShiftRight<32>(v64))));
}

uint64_t ErrorKernel(const uint16_t* a, const uint16_t* b, int n) {
  const hn::ScalableTag<int16_t> d16;
  const hn::Repartition<int32_t, decltype(d16)> d32;
  const int lanes = static_cast<int>(hn::Lanes(d16));
  const auto* pa = reinterpret_cast<const int16_t*>(a);
  const auto* pb = reinterpret_cast<const int16_t*>(b);
  const auto difference = [&](int x) HWY_ATTR {
    return hn::Sub(hn::LoadU(d16, pa + x), hn::LoadU(d16, pb + x));
  };
  uint64_t total = 0;
  int x = 0;
  while (x + lanes <= n) {
    // A lane takes two squares below 2^20 from each of 513 vectors at most.
    auto sum0 = hn::Zero(d32);
    auto sum1 = hn::Zero(d32);
    const int end = std::min(n, x + 1024 * lanes);
    for (; x + 2 * lanes <= end; x += 2 * lanes) {
      const auto d0 = difference(x);
      const auto d1 = difference(x + lanes);
      sum0 = AddPairProducts(d0, d0, sum0);
      sum1 = AddPairProducts(d1, d1, sum1);
    }
    for (; x + lanes <= end; x += lanes) {
      const auto d = difference(x);
      sum0 = AddPairProducts(d, d, sum0);
    }
    total += WideSum(sum0) + WideSum(sum1);
  }
  return total + SquaredErrorScalar(a + x, b + x, n - x);
}

#endif  // HWY_TARGET

}  // namespace HWY_NAMESPACE
}  // namespace furl
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace furl {

HWY_EXPORT(ErrorKernel);

uint64_t SquaredError(const uint16_t* a, const uint16_t* b, int n) {
  return HWY_DYNAMIC_DISPATCH(ErrorKernel)(a, b, n);
}

}  // namespace furl
#endif  // HWY_ONCE
