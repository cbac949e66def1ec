#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

FURL_NN_BEGIN_TARGET("avx2,avx512f,avx512bw,avx512vl,avx512vnni")
namespace furl::nn {
namespace {

#include "nn/x86/avx512_isa-inl.h"

struct Vnni : Avx512Base {
  static constexpr int kMaxPairs = 3;
  static constexpr int Pixels(int pairs) { return pairs == 1 ? 12 : (pairs == 2 ? 6 : 4); }
  static FURL_NN_INLINE void Dot(Acc& a0, Acc& a1, X x, const W& w) {
    a0 = _mm512_dpbusd_epi32(a0, x, w.v[0]);
    a1 = _mm512_dpbusd_epi32(a1, x, w.v[1]);
  }
};

#include "nn/kernels/conv_block-inl.h"

void Conv(const ConvJob& job, int row_begin, int row_end) {
  ConvRows<Vnni>(job, row_begin, row_end);
}

}  // namespace
}  // namespace furl::nn
FURL_NN_END_TARGET

namespace furl::nn {

const Kernels* VnniKernels() {
  static const Kernels kernels =
      ConvAndAvx2Kernels({.lanes = Vnni::kLanes, .max_pairs = Vnni::kMaxPairs}, Conv);
  return &kernels;
}

}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* VnniKernels() { return nullptr; }
}  // namespace furl::nn

#endif
