#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

FURL_NN_BEGIN_TARGET("sse4.1")
namespace furl::nn {
namespace {

struct Sse4 {
  static constexpr int kLanes = 4;
  static constexpr int kMaxPairs = 2;
  static constexpr int Pixels(int pairs) { return pairs == 1 ? 4 : 2; }
  using Acc = __m128i;
  using X = __m128i;
  using S16 = __m128i;
  using Count = __m128i;
  struct W {
    __m128i v[2];
  };

  static FURL_NN_INLINE __m128i Load(const void* p) {
    return _mm_loadu_si128(static_cast<const __m128i*>(p));
  }
  static FURL_NN_INLINE Acc Zero() { return _mm_setzero_si128(); }
  static FURL_NN_INLINE Acc LoadAcc(const int32_t* p) { return Load(p); }
  static FURL_NN_INLINE Acc ShiftLeft7Add(Acc a, Acc b) {
    return _mm_add_epi32(_mm_slli_epi32(a, 7), b);
  }
  static FURL_NN_INLINE X Broadcast(const uint8_t* p) {
    int32_t quad;
    std::memcpy(&quad, p, 4);
    return _mm_set1_epi32(quad);
  }
  static FURL_NN_INLINE W LoadW(const int8_t* p) { return {{Load(p), Load(p + 16)}}; }
  static FURL_NN_INLINE Acc Dot1(Acc acc, X x, __m128i w) {
    return _mm_add_epi32(acc, _mm_madd_epi16(_mm_maddubs_epi16(x, w), _mm_set1_epi16(1)));
  }
  static FURL_NN_INLINE void Dot(Acc& a0, Acc& a1, X x, const W& w) {
    a0 = Dot1(a0, x, w.v[0]);
    a1 = Dot1(a1, x, w.v[1]);
  }
  static FURL_NN_INLINE Count MakeCount(int n) { return _mm_cvtsi32_si128(n); }
  static FURL_NN_INLINE S16 Narrow(Acc a0, Acc a1, Count n) {
    return _mm_packs_epi32(_mm_sra_epi32(a0, n), _mm_sra_epi32(a1, n));
  }
  static FURL_NN_INLINE S16 Scale(S16 t, S16 mult) { return _mm_mulhrs_epi16(t, mult); }
  static FURL_NN_INLINE S16 LoadS16(const int16_t* p) { return Load(p); }
  static FURL_NN_INLINE S16 AddSat(S16 a, S16 b) { return _mm_adds_epi16(a, b); }
  static FURL_NN_INLINE void StoreS16(int16_t* p, S16 v, bool /*full*/) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), v);
  }
  static FURL_NN_INLINE void StoreU7(uint8_t* p, S16 v, bool /*full*/) {
    v = _mm_min_epi16(v, _mm_set1_epi16(127));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(v, v));
  }
  static FURL_NN_INLINE S16 Set16(int v) { return _mm_set1_epi16(static_cast<int16_t>(v)); }
  static FURL_NN_INLINE S16 Min16(S16 a, S16 b) { return _mm_min_epi16(a, b); }
  static FURL_NN_INLINE S16 Max16(S16 a, S16 b) { return _mm_max_epi16(a, b); }
  static FURL_NN_INLINE S16 And16(S16 a, S16 b) { return _mm_and_si128(a, b); }
  static FURL_NN_INLINE S16 ShiftRight16(S16 v, Count n) { return _mm_sra_epi16(v, n); }
  static FURL_NN_INLINE S16 Half16(S16 v) { return _mm_srai_epi16(v, 1); }
};

#include "nn/kernels/kernel_set-inl.h"

constexpr Kernels kSse4Kernels = MakeKernels<Sse4>();

}  // namespace
}  // namespace furl::nn
FURL_NN_END_TARGET

namespace furl::nn {
const Kernels* Sse4Kernels() { return &kSse4Kernels; }
}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* Sse4Kernels() { return nullptr; }
}  // namespace furl::nn

#endif
