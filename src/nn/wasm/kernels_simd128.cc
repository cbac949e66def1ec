#include "nn/kernels/kernels.h"
#include "nn/kernels/simd_attributes.h"
#include "nn/tensor.h"

#if defined(__wasm_simd128__)

#include <wasm_simd128.h>

#include <algorithm>

namespace furl::nn {
namespace {

// The vector operations of the shared kernels; convolutions have loops of their own.
struct Simd128 {
  static constexpr int kLanes = 4;
  using Acc = v128_t;
  using S16 = v128_t;
  using Count = uint32_t;

  static FURL_NN_INLINE Count MakeCount(int n) { return static_cast<uint32_t>(n); }
  static FURL_NN_INLINE S16 Narrow(Acc a0, Acc a1, Count n) {
    return wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(a0, n), wasm_i32x4_shr(a1, n));
  }
  static FURL_NN_INLINE S16 Scale(S16 t, S16 mult) { return wasm_i16x8_q15mulr_sat(t, mult); }
  static FURL_NN_INLINE S16 LoadS16(const int16_t* p) { return wasm_v128_load(p); }
  static FURL_NN_INLINE S16 AddSat(S16 a, S16 b) { return wasm_i16x8_add_sat(a, b); }
  static FURL_NN_INLINE void StoreS16(int16_t* p, S16 v, bool /*full*/) { wasm_v128_store(p, v); }
  static FURL_NN_INLINE void StoreU7(uint8_t* p, S16 v, bool /*full*/) {
    v = wasm_i16x8_min(v, wasm_i16x8_const_splat(127));
    wasm_v128_store64_lane(p, wasm_u8x16_narrow_i16x8(v, v), 0);
  }
  static FURL_NN_INLINE S16 Set16(int v) { return wasm_i16x8_splat(static_cast<int16_t>(v)); }
  static FURL_NN_INLINE S16 Min16(S16 a, S16 b) { return wasm_i16x8_min(a, b); }
  static FURL_NN_INLINE S16 Max16(S16 a, S16 b) { return wasm_i16x8_max(a, b); }
  static FURL_NN_INLINE S16 And16(S16 a, S16 b) { return wasm_v128_and(a, b); }
  static FURL_NN_INLINE S16 ShiftRight16(S16 v, Count n) { return wasm_i16x8_shr(v, n); }
  static FURL_NN_INLINE S16 Half16(S16 v) { return wasm_i16x8_shr(v, 1); }
};

#include "nn/kernels/kernel_set-inl.h"
// Behind the functions that it shares with other sets.
#include "nn/wasm/conv_wide-inl.h"

constexpr Kernels kSimd128Kernels = {
    .pack = {.lanes = Simd128::kLanes, .max_pairs = 1, .order = QuadOrder::kPairs},
    .conv = ConvWideRows,
    .quant = QuantPixels<Simd128>,
    .add = AddValues<Simd128>,
    .split = SplitValues<Simd128>,
    .lap = LapPositions,
};

}  // namespace
}  // namespace furl::nn

namespace furl::nn {
const Kernels* Simd128Kernels() { return &kSimd128Kernels; }
}  // namespace furl::nn

#else

namespace furl::nn {
const Kernels* Simd128Kernels() { return nullptr; }
}  // namespace furl::nn

#endif
