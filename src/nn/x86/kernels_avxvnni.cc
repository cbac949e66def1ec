#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

FURL_NN_BEGIN_TARGET("avx2,avxvnni")
namespace furl::nn {
namespace {

#include "nn/x86/avx2_isa-inl.h"

struct AvxVnni : Avx2Base {
  static constexpr int Pixels(int /*pairs*/) { return 6; }
  static FURL_NN_INLINE void Dot(Acc& a0, Acc& a1, X x, const W& w) {
    a0 = _mm256_dpbusd_avx_epi32(a0, x, w.v[0]);
    a1 = _mm256_dpbusd_avx_epi32(a1, x, w.v[1]);
  }
};

#include "nn/kernels/kernel_set-inl.h"

constexpr Kernels kAvxVnniKernels = MakeKernels<AvxVnni>();

}  // namespace
}  // namespace furl::nn
FURL_NN_END_TARGET

namespace furl::nn {
const Kernels* AvxVnniKernels() { return &kAvxVnniKernels; }
}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* AvxVnniKernels() { return nullptr; }
}  // namespace furl::nn

#endif
