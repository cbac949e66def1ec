#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

// The sums of a stored tile are read as memory: the compiler must not move
// those loads above the store, nor input stores below a tile load.
#define FURL_TILE_CONFIG(config) _tile_loadconfig(config)
#define FURL_TILE_RELEASE() _tile_release()
#define FURL_TILE_ZERO(t) _tile_zero(t)
#define FURL_TILE_LOAD(t, base, stride) _tile_loadd(t, base, stride)
#define FURL_TILE_STORE(t, base, stride) \
  do {                                   \
    _tile_stored(t, base, stride);       \
    asm volatile("" ::: "memory");       \
  } while (false)
#define FURL_TILE_DPBUSD(d, a, b) _tile_dpbusd(d, a, b)

FURL_NN_BEGIN_TARGET("avx2,avx512f,avx512bw,avx512vl,amx-tile,amx-int8")
namespace furl::nn {
namespace {

#include "nn/x86/avx512_isa-inl.h"

struct Amx : Avx512Base {
  static FURL_NN_INLINE Acc Add(Acc a, Acc b) { return _mm512_add_epi32(a, b); }
};

#include "nn/x86/conv_amx-inl.h"

void Conv(const ConvJob& job, int row_begin, int row_end) {
  TileConvRows<Amx>(job, row_begin, row_end);
}

}  // namespace
}  // namespace furl::nn
FURL_NN_END_TARGET

namespace furl::nn {

const Kernels* AmxKernels() {
  static const Kernels kernels =
      ConvAndAvx2Kernels({.lanes = 16, .max_pairs = 1, .segment_multiple = 64}, Conv);
  return &kernels;
}

}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* AmxKernels() { return nullptr; }
}  // namespace furl::nn

#endif
