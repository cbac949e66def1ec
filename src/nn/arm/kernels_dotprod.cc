#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#include <cstring>

#if defined(__clang__)
FURL_NN_BEGIN_TARGET("dotprod")
#else
FURL_NN_BEGIN_TARGET("arch=armv8.2-a+dotprod")
#endif
namespace furl::nn {
namespace {

#include "nn/arm/neon_isa-inl.h"

struct DotProd : NeonBase {
  using X = int8x16_t;
  struct W {
    int8x16_t v[2];
  };
  static FURL_NN_INLINE X Broadcast(const uint8_t* p) {
    uint32_t quad;
    std::memcpy(&quad, p, 4);
    return vreinterpretq_s8_u32(vdupq_n_u32(quad));
  }
  static FURL_NN_INLINE W LoadW(const int8_t* p) { return {{vld1q_s8(p), vld1q_s8(p + 16)}}; }
  // Inputs are below 128, so that signed bytes hold them.
  static FURL_NN_INLINE void Dot(Acc& a0, Acc& a1, X x, const W& w) {
    a0 = vdotq_s32(a0, w.v[0], x);
    a1 = vdotq_s32(a1, w.v[1], x);
  }
};

#include "nn/kernels/kernel_set-inl.h"

constexpr Kernels kDotProdKernels = MakeKernels<DotProd>();

}  // namespace
}  // namespace furl::nn
FURL_NN_END_TARGET

namespace furl::nn {
const Kernels* DotProdKernels() { return &kDotProdKernels; }
}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* DotProdKernels() { return nullptr; }
}  // namespace furl::nn

#endif
