// The AMX kernel compiled against a software version of the tile instructions,
// for machines without AMX. The instructions follow the pseudocode of Intel's
// Software Developer's Manual (TILELOADD, TDPBUSD, TILESTORED), rows beyond the
// configured ones included: a wrong configuration shows.

#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"
#include "nn/nn_test_util.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

namespace furl::nn {
namespace {

struct EmulatedTiles {
  uint16_t bytes_per_row[8] = {};
  uint8_t rows[8] = {};
  uint8_t data[8][16][64] = {};
};
thread_local EmulatedTiles tiles;

void EmulatedConfig(const void* config) {
  const uint8_t* bytes = static_cast<const uint8_t*>(config);
  std::memcpy(tiles.bytes_per_row, bytes + 16, sizeof(tiles.bytes_per_row));
  std::memcpy(tiles.rows, bytes + 48, sizeof(tiles.rows));
  std::memset(tiles.data, 0, sizeof(tiles.data));
}

void EmulatedRelease() { tiles = EmulatedTiles(); }

void EmulatedZero(int t) { std::memset(tiles.data[t], 0, sizeof(tiles.data[t])); }

void EmulatedLoad(int t, const void* base, ptrdiff_t stride) {
  EmulatedZero(t);
  for (int r = 0; r < tiles.rows[t]; ++r) {
    std::memcpy(tiles.data[t][r], static_cast<const uint8_t*>(base) + r * stride,
                tiles.bytes_per_row[t]);
  }
}

void EmulatedStore(int t, void* base, ptrdiff_t stride) {
  for (int r = 0; r < tiles.rows[t]; ++r) {
    std::memcpy(static_cast<uint8_t*>(base) + r * stride, tiles.data[t][r], tiles.bytes_per_row[t]);
  }
}

void EmulatedDpbusd(int d, int a, int b) {
  for (int m = 0; m < tiles.rows[d]; ++m) {
    for (int n = 0; n < tiles.bytes_per_row[d] / 4; ++n) {
      int32_t sum;
      std::memcpy(&sum, tiles.data[d][m] + n * 4, 4);
      for (int k = 0; k < tiles.bytes_per_row[a] / 4; ++k) {
        for (int i = 0; i < 4; ++i) {
          sum += tiles.data[a][m][k * 4 + i] * static_cast<int8_t>(tiles.data[b][k][n * 4 + i]);
        }
      }
      std::memcpy(tiles.data[d][m] + n * 4, &sum, 4);
    }
  }
}

}  // namespace
}  // namespace furl::nn

#define FURL_TILE_CONFIG(config) EmulatedConfig(config)
#define FURL_TILE_RELEASE() EmulatedRelease()
#define FURL_TILE_ZERO(t) EmulatedZero(t)
#define FURL_TILE_LOAD(t, base, stride) EmulatedLoad(t, base, stride)
#define FURL_TILE_STORE(t, base, stride) EmulatedStore(t, base, stride)
#define FURL_TILE_DPBUSD(d, a, b) EmulatedDpbusd(d, a, b)

FURL_NN_BEGIN_TARGET("avx2,avx512f,avx512bw,avx512vl")
namespace furl::nn {
namespace {

#include "nn/x86/avx512_isa-inl.h"

struct EmulatedAmx : Avx512Base {
  static FURL_NN_INLINE Acc Add(Acc a, Acc b) { return _mm512_add_epi32(a, b); }
};

#include "nn/x86/conv_amx-inl.h"

void EmulatedConv(const ConvJob& job, int row_begin, int row_end) {
  TileConvRows<EmulatedAmx>(job, row_begin, row_end);
}

}  // namespace
}  // namespace furl::nn
FURL_NN_END_TARGET

namespace furl::nn {

const Kernels* EmulatedAmxKernels() {
  if (!CpuTargetIsSupported(CpuTarget::kAvx512)) return nullptr;
  static const Kernels kernels = [] {
    Kernels k = *AmxKernels();
    k.conv = EmulatedConv;
    return k;
  }();
  return &kernels;
}

}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* EmulatedAmxKernels() { return nullptr; }
}  // namespace furl::nn

#endif
