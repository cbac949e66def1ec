// Products of neighbouring 16-bit lanes, added into 32-bit lanes; for inclusion
// by kernels that are compiled once per SIMD target.

// NOLINTNEXTLINE: one guard per target, flipped by Highway for each of them.
#if defined(FURL_BASE_PAIR_PRODUCTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FURL_BASE_PAIR_PRODUCTS_INL_H_
#undef FURL_BASE_PAIR_PRODUCTS_INL_H_
#else
#define FURL_BASE_PAIR_PRODUCTS_INL_H_
#endif

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace furl {
namespace HWY_NAMESPACE {

#if HWY_TARGET != HWY_SCALAR

// sum + a[2 i] b[2 i] + a[2 i + 1] b[2 i + 1] in every 32-bit lane i, modulo 2^32.
template <class V32, class V16>
HWY_INLINE V32 AddPairProducts(V16 a, V16 b, V32 sum) {
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::DFromV<V32> d32;
#if HWY_ARCH_X86 && HWY_TARGET != HWY_EMU128
  V32 unused = hn::Zero(d32);
  return hn::ReorderWidenMulAccumulate(d32, a, b, sum, unused);
#elif HWY_TARGET == HWY_WASM
  return hn::Add(sum, V32{wasm_i32x4_dot_i16x8(a.raw, b.raw)});
#else
  const V32 a32 = hn::BitCast(d32, a);
  const V32 b32 = hn::BitCast(d32, b);
  const V32 even = hn::Mul(hn::ShiftRight<16>(hn::ShiftLeft<16>(a32)),
                           hn::ShiftRight<16>(hn::ShiftLeft<16>(b32)));
  const V32 odd = hn::Mul(hn::ShiftRight<16>(a32), hn::ShiftRight<16>(b32));
  return hn::Add(sum, hn::Add(even, odd));
#endif
}

#endif  // HWY_TARGET

}  // namespace HWY_NAMESPACE
}  // namespace furl
HWY_AFTER_NAMESPACE();

#endif  // FURL_BASE_PAIR_PRODUCTS_INL_H_
