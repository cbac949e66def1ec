#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

FURL_NN_BEGIN_TARGET("avx2")
namespace furl::nn {
namespace {

#include "nn/x86/avx2_isa-inl.h"

struct Avx2 : Avx2Base {
  static constexpr int Pixels(int /*pairs*/) { return 4; }
  // The pair sums of maddubs stay below 2 * 127 * 127 = 32258: no saturation.
  static FURL_NN_INLINE Acc Dot1(Acc acc, X x, __m256i w) {
    return _mm256_add_epi32(acc,
                            _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1)));
  }
  static FURL_NN_INLINE void Dot(Acc& a0, Acc& a1, X x, const W& w) {
    a0 = Dot1(a0, x, w.v[0]);
    a1 = Dot1(a1, x, w.v[1]);
  }
};

#include "nn/kernels/kernel_set-inl.h"

constexpr Kernels kAvx2Kernels = MakeKernels<Avx2>();

}  // namespace
}  // namespace furl::nn
FURL_NN_END_TARGET

namespace furl::nn {
const Kernels* Avx2Kernels() { return &kAvx2Kernels; }
}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* Avx2Kernels() { return nullptr; }
}  // namespace furl::nn

#endif
