#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#include <cstring>

namespace furl::nn {
namespace {

#include "nn/arm/neon_isa-inl.h"

struct Neon : NeonBase {
  // Inputs 0 and 1 four times, inputs 2 and 3 four times.
  struct X {
    int8x8_t v[2];
  };
  struct W {
    int8x8_t v[4];  // [accumulator][inputs 01 | 23]
  };
  static FURL_NN_INLINE X Broadcast(const uint8_t* p) {
    uint16_t pair[2];
    std::memcpy(pair, p, 4);
    return {{vreinterpret_s8_u16(vdup_n_u16(pair[0])), vreinterpret_s8_u16(vdup_n_u16(pair[1]))}};
  }
  static FURL_NN_INLINE W LoadW(const int8_t* p) {
    return {{vld1_s8(p), vld1_s8(p + 8), vld1_s8(p + 16), vld1_s8(p + 24)}};
  }
  // Two products are at most 2 * 127 * 127 = 32258 and fit int16; inputs are
  // below 128, so that signed bytes hold them.
  static FURL_NN_INLINE Acc Dot1(Acc acc, const X& x, int8x8_t w01, int8x8_t w23) {
    return vpadalq_s16(acc, vmlal_s8(vmull_s8(x.v[0], w01), x.v[1], w23));
  }
  static FURL_NN_INLINE void Dot(Acc& a0, Acc& a1, const X& x, const W& w) {
    a0 = Dot1(a0, x, w.v[0], w.v[1]);
    a1 = Dot1(a1, x, w.v[2], w.v[3]);
  }
};

#include "nn/kernels/kernel_set-inl.h"

constexpr Kernels kNeonKernels = MakeKernels<Neon>(QuadOrder::kHalves);

}  // namespace
}  // namespace furl::nn

namespace furl::nn {
const Kernels* NeonKernels() { return &kNeonKernels; }
}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* NeonKernels() { return nullptr; }
}  // namespace furl::nn

#endif
