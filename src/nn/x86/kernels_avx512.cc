#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

FURL_NN_BEGIN_TARGET("avx2,avx512f,avx512bw,avx512vl")
namespace furl::nn {
namespace {

#include "nn/x86/avx512_isa-inl.h"

struct Avx512 : Avx512Base {
  static constexpr int kMaxPairs = 2;
  static constexpr int Pixels(int pairs) { return pairs == 1 ? 12 : 6; }
  // The pair sums of maddubs stay below 2 * 127 * 127 = 32258: no saturation.
  static FURL_NN_INLINE Acc Dot1(Acc acc, X x, __m512i w) {
    return _mm512_add_epi32(acc,
                            _mm512_madd_epi16(_mm512_maddubs_epi16(x, w), _mm512_set1_epi16(1)));
  }
  static FURL_NN_INLINE void Dot(Acc& a0, Acc& a1, X x, const W& w) {
    a0 = Dot1(a0, x, w.v[0]);
    a1 = Dot1(a1, x, w.v[1]);
  }
};

#include "nn/kernels/conv_block-inl.h"

void Conv(const ConvJob& job, int row_begin, int row_end) {
  ConvRows<Avx512>(job, row_begin, row_end);
}

}  // namespace
}  // namespace furl::nn
FURL_NN_END_TARGET

namespace furl::nn {

const Kernels* Avx512Kernels() {
  static const Kernels kernels =
      ConvAndAvx2Kernels({.lanes = Avx512::kLanes, .max_pairs = Avx512::kMaxPairs}, Conv);
  return &kernels;
}

}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* Avx512Kernels() { return nullptr; }
}  // namespace furl::nn

#endif
