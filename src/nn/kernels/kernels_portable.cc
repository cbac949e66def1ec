// The path for every architecture without kernels of its own (whatever Highway
// supports with 128-bit vectors): static dispatch to the compiler's baseline. On x86-64 it is built
// for the tests' sake. Null where Highway has nothing but its one-lane fallback (GCC before 12.3),
// on AArch64, where Highway's NEON wants AES and there are kernels anyway, and on WebAssembly,
// where every byte is downloaded.

// The baseline of x86-64 is below what Highway 1.0 wants to see.
#if defined(__x86_64__) && !defined(HWY_BASELINE_TARGETS)
#define HWY_BASELINE_TARGETS HWY_SSSE3
#endif
// Vectors without a fixed size can't be kept in arrays; there, plain C++.
#if defined(__riscv_vector) || defined(__ARM_FEATURE_SVE)
#define HWY_COMPILE_ONLY_EMU128
#endif
#include <hwy/highway.h>

#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"

#if HWY_TARGET != HWY_SCALAR && !defined(__aarch64__) && !defined(__wasm_simd128__)

HWY_BEFORE_NAMESPACE();
namespace furl::nn {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

struct Portable {
  static constexpr int kLanes = 4;
  static constexpr int kMaxPairs = 1;
  static constexpr int Pixels(int /*pairs*/) { return 4; }
  using D32 = hn::FixedTag<int32_t, 4>;
  using D16 = hn::FixedTag<int16_t, 8>;
  using H16 = hn::FixedTag<int16_t, 4>;
  using D8 = hn::FixedTag<int8_t, 8>;
  using Acc = hn::Vec<D32>;
  using S16 = hn::Vec<D16>;
  using Count = int;
  struct X {
    S16 v[4];
  };
  struct W {
    S16 v[4];
  };

  static FURL_NN_INLINE Acc Zero() { return hn::Zero(D32()); }
  static FURL_NN_INLINE Acc LoadAcc(const int32_t* p) { return hn::LoadU(D32(), p); }
  static FURL_NN_INLINE Acc ShiftLeft7Add(Acc a, Acc b) { return hn::Add(hn::ShiftLeft<7>(a), b); }
  static FURL_NN_INLINE X Broadcast(const uint8_t* p) {
    const D16 d;
    return {{hn::Set(d, p[0]), hn::Set(d, p[1]), hn::Set(d, p[2]), hn::Set(d, p[3])}};
  }
  static FURL_NN_INLINE S16 Widen(const int8_t* p) {
    return hn::PromoteTo(D16(), hn::LoadU(D8(), p));
  }
  static FURL_NN_INLINE W LoadW(const int8_t* p) {
    return {{Widen(p), Widen(p + 8), Widen(p + 16), Widen(p + 24)}};
  }
  // A product is at most 127 * 127 = 16129, so two of them fit int16.
  static FURL_NN_INLINE void Dot2(Acc& a0, Acc& a1, S16 x0, S16 w0, S16 x1, S16 w1) {
    const S16 sum = hn::Add(hn::Mul(x0, w0), hn::Mul(x1, w1));
    a0 = hn::Add(a0, hn::PromoteTo(D32(), hn::LowerHalf(H16(), sum)));
    a1 = hn::Add(a1, hn::PromoteTo(D32(), hn::UpperHalf(H16(), sum)));
  }
  static FURL_NN_INLINE void Dot(Acc& a0, Acc& a1, const X& x, const W& w) {
    Dot2(a0, a1, x.v[0], w.v[0], x.v[1], w.v[1]);
    Dot2(a0, a1, x.v[2], w.v[2], x.v[3], w.v[3]);
  }
  static FURL_NN_INLINE Count MakeCount(int n) { return n; }
  static FURL_NN_INLINE S16 Narrow(Acc a0, Acc a1, Count n) {
    const H16 h;
    return hn::Combine(D16(), hn::DemoteTo(h, hn::ShiftRightSame(a1, n)),
                       hn::DemoteTo(h, hn::ShiftRightSame(a0, n)));
  }
  static FURL_NN_INLINE S16 Scale(S16 t, S16 mult) { return hn::MulFixedPoint15(t, mult); }
  static FURL_NN_INLINE S16 LoadS16(const int16_t* p) { return hn::LoadU(D16(), p); }
  static FURL_NN_INLINE S16 AddSat(S16 a, S16 b) { return hn::SaturatedAdd(a, b); }
  static FURL_NN_INLINE void StoreS16(int16_t* p, S16 v, bool /*full*/) { hn::StoreU(v, D16(), p); }
  static FURL_NN_INLINE void StoreU7(uint8_t* p, S16 v, bool /*full*/) {
    const hn::FixedTag<uint8_t, 8> d;
    hn::StoreU(hn::DemoteTo(d, Max16(Min16(v, Set16(127)), Set16(0))), d, p);
  }
  static FURL_NN_INLINE S16 Set16(int v) { return hn::Set(D16(), static_cast<int16_t>(v)); }
  static FURL_NN_INLINE S16 Min16(S16 a, S16 b) { return hn::Min(a, b); }
  static FURL_NN_INLINE S16 Max16(S16 a, S16 b) { return hn::Max(a, b); }
  static FURL_NN_INLINE S16 And16(S16 a, S16 b) { return hn::And(a, b); }
  static FURL_NN_INLINE S16 ShiftRight16(S16 v, Count n) { return hn::ShiftRightSame(v, n); }
  static FURL_NN_INLINE S16 Half16(S16 v) { return hn::ShiftRight<1>(v); }
};

#include "nn/kernels/kernel_set-inl.h"

constexpr Kernels kPortableKernels = MakeKernels<Portable>(QuadOrder::kPlanar);

}  // namespace
}  // namespace furl::nn
HWY_AFTER_NAMESPACE();

namespace furl::nn {
const Kernels* PortableKernels() { return &kPortableKernels; }
}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* PortableKernels() { return nullptr; }
}  // namespace furl::nn

#endif
