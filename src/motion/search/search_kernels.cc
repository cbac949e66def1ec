// Arrays of vectors and blocks of 128 bits rule out SVE; its CPUs run NEON.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "motion/search/search_kernels.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// Must come after foreach_target.
#include "hwy/highway.h"
#include "motion/interpolate.h"
#include "motion/search/search_kernels.h"

#ifndef FURL_MOTION_SEARCH_KERNELS_ONCE_
#define FURL_MOTION_SEARCH_KERNELS_ONCE_
#include <algorithm>
#include <cstdlib>

#include "base/status.h"
#endif

HWY_BEFORE_NAMESPACE();
namespace furl::motion {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

uint32_t SadKernel(Samples a, Samples b, int width, int height) {
  uint32_t sum = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      sum += std::abs(a.data[y * a.stride + x] - b.data[y * b.stride + x]);
    }
  }
  return sum;
}

// Butterflies over 8 values `step` apart.
inline void Hadamard8(int* v, int step) {
  for (int span = 4; span >= 1; span /= 2) {
    for (int i = 0; i < 8; ++i) {
      if ((i & span) != 0) continue;
      const int a = v[i * step];
      const int b = v[(i + span) * step];
      v[i * step] = a + b;
      v[(i + span) * step] = a - b;
    }
  }
}

inline void HadamardTile(const uint8_t* a, ptrdiff_t a_stride, const uint8_t* b, ptrdiff_t b_stride,
                         int* v) {
  for (int i = 0; i < 64; ++i) {
    v[i] = a[(i >> 3) * a_stride + (i & 7)] - b[(i >> 3) * b_stride + (i & 7)];
  }
  for (int i = 0; i < 8; ++i) Hadamard8(v + i, 8);
  for (int i = 0; i < 8; ++i) Hadamard8(v + 8 * i, 1);
}

uint32_t CostKernel(const CostCurve& curve, Samples a, Samples b, int width, int height) {
  uint32_t sum = 0;
  for (int y = 0; y < height; y += 8) {
    for (int x = 0; x < width; x += 8) {
      int v[64];
      HadamardTile(a.data + y * a.stride + x, a.stride, b.data + y * b.stride + x, b.stride, v);
      for (int c : v) {
        const int t = std::min((2 * std::abs(c) * curve.scale) >> 16, kMaxCurve);
        const int q = std::min<int>(t, curve.t0);
        const int m = std::min<int>(t, curve.t1);
        sum += (q * q * curve.square >> 16) + (m - q) * curve.slope1 + (t - m) * curve.slope2;
      }
    }
  }
  return sum;
}

void AverageKernel(Samples a, Samples b, int width, int height, uint8_t* out,
                   ptrdiff_t out_stride) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      out[y * out_stride + x] =
          static_cast<uint8_t>((a.data[y * a.stride + x] + b.data[y * b.stride + x] + 1) >> 1);
    }
  }
}

void RoundKernel(const int16_t* p, int width, int height, uint8_t* out, ptrdiff_t out_stride) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int v = (p[y * kMaxBlock + x] + 32) >> 6;
      out[y * out_stride + x] = static_cast<uint8_t>(std::clamp(v, 0, 255));
    }
  }
}

#else

namespace hn = hwy::HWY_NAMESPACE;

template <class D8>
HWY_INLINE uint32_t SadWith(D8 d, Samples a, Samples b, int width, int height) {
  const hn::Repartition<uint64_t, D8> d64;
  auto sum = hn::Zero(d64);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; x += hn::Lanes(d)) {
      const auto va = hn::LoadU(d, a.data + y * a.stride + x);
      const auto vb = hn::LoadU(d, b.data + y * b.stride + x);
      const auto apart = hn::Or(hn::SaturatedSub(va, vb), hn::SaturatedSub(vb, va));
      sum = hn::Add(sum, hn::SumsOf8(apart));
    }
  }
  return static_cast<uint32_t>(hn::GetLane(hn::SumOfLanes(d64, sum)));
}

uint32_t SadKernel(Samples a, Samples b, int width, int height) {
  if (width % 32 == 0) return SadWith(HWY_CAPPED(uint8_t, 32)(), a, b, width, height);
  if (width % 16 == 0) return SadWith(HWY_CAPPED(uint8_t, 16)(), a, b, width, height);
  return SadWith(HWY_CAPPED(uint8_t, 8)(), a, b, width, height);
}

template <class V>
HWY_INLINE void Butterfly(V& a, V& b) {
  const V sum = hn::Add(a, b);
  b = hn::Sub(a, b);
  a = sum;
}

template <class V>
HWY_INLINE void Hadamard8(V v[8]) {
  for (int span = 4; span >= 1; span /= 2) {
    for (int i = 0; i < 8; ++i) {
      if ((i & span) == 0) Butterfly(v[i], v[i + span]);
    }
  }
}

// Transposes each 8x8 block of 16-bit lanes (one per 128-bit block).
template <class D16, class V>
HWY_INLINE void Transpose8(D16 d16, V v[8]) {
  const hn::Repartition<int32_t, D16> d32;
  const hn::Repartition<int64_t, D16> d64;
  V a[8];
  for (int i = 0; i < 4; ++i) {
    a[2 * i] = hn::InterleaveLower(d16, v[2 * i], v[2 * i + 1]);
    a[2 * i + 1] = hn::InterleaveUpper(d16, v[2 * i], v[2 * i + 1]);
  }
  // a[2i + h]: columns 4h..4h+3 of rows 2i, 2i+1. Next: pairs of columns of four rows.
  V b[8];
  for (int half = 0; half < 2; ++half) {  // rows 0..3, rows 4..7
    for (int h = 0; h < 2; ++h) {
      const auto low = hn::BitCast(d32, a[4 * half + h]);
      const auto high = hn::BitCast(d32, a[4 * half + 2 + h]);
      b[4 * half + 2 * h] = hn::BitCast(d16, hn::InterleaveLower(d32, low, high));
      b[4 * half + 2 * h + 1] = hn::BitCast(d16, hn::InterleaveUpper(d32, low, high));
    }
  }
  for (int pair = 0; pair < 4; ++pair) {
    const auto low = hn::BitCast(d64, b[pair]);
    const auto high = hn::BitCast(d64, b[4 + pair]);
    v[2 * pair] = hn::BitCast(d16, hn::InterleaveLower(d64, low, high));
    v[2 * pair + 1] = hn::BitCast(d16, hn::InterleaveUpper(d64, low, high));
  }
}

template <class D16>
HWY_INLINE hn::Vec<D16> LoadDifference(D16 d16, const uint8_t* a, const uint8_t* b) {
  const hn::Rebind<uint8_t, D16> d8;
  return hn::Sub(hn::PromoteTo(d16, hn::LoadU(d8, a)), hn::PromoteTo(d16, hn::LoadU(d8, b)));
}

// Adds neighbouring int16 lanes into int32.
template <class V16>
HWY_INLINE auto AddPairs(V16 v) {
  const hn::DFromV<V16> d16;
  const hn::Repartition<int32_t, decltype(d16)> d32;
  const auto v32 = hn::BitCast(d32, v);
  return hn::Add(hn::ShiftRight<16>(hn::ShiftLeft<16>(v32)), hn::ShiftRight<16>(v32));
}

template <class D16>
HWY_INLINE uint32_t CostWith(D16 d16, const CostCurve& curve, Samples a, Samples b, int width,
                             int height) {
  const hn::Repartition<int32_t, D16> d32;
  const auto scale = hn::Set(d16, curve.scale);
  const auto square = hn::Set(d16, curve.square);
  const auto t0 = hn::Set(d16, curve.t0);
  const auto t1 = hn::Set(d16, curve.t1);
  const auto slope1 = hn::Set(d16, curve.slope1);
  const auto slope2 = hn::Set(d16, curve.slope2);
  const auto most = hn::Set(d16, static_cast<int16_t>(kMaxCurve));
  auto sum = hn::Zero(d32);
  for (int y = 0; y < height; y += 8) {
    for (int x = 0; x < width; x += hn::Lanes(d16)) {
      hn::Vec<D16> v[8];
      for (int i = 0; i < 8; ++i) {
        v[i] =
            LoadDifference(d16, a.data + (y + i) * a.stride + x, b.data + (y + i) * b.stride + x);
      }
      Hadamard8(v);
      Transpose8(d16, v);
      Hadamard8(v);
      auto tile = hn::Zero(d16);  // fits: see CostCurve
      for (int i = 0; i < 8; ++i) {
        const auto twice = hn::Abs(hn::Add(v[i], v[i]));
        const auto t = hn::Min(hn::MulHigh(twice, scale), most);
        const auto q = hn::Min(t, t0);
        const auto m = hn::Min(t, t1);
        const auto price =
            hn::Add(hn::MulHigh(hn::Mul(q, q), square),
                    hn::Add(hn::Mul(hn::Sub(m, q), slope1), hn::Mul(hn::Sub(t, m), slope2)));
        tile = hn::Add(tile, price);
      }
      sum = hn::Add(sum, AddPairs(tile));
    }
  }
  return static_cast<uint32_t>(hn::GetLane(hn::SumOfLanes(d32, sum)));
}

uint32_t CostKernel(const CostCurve& curve, Samples a, Samples b, int width, int height) {
  if (width % 32 == 0) return CostWith(HWY_CAPPED(int16_t, 32)(), curve, a, b, width, height);
  if (width % 16 == 0) return CostWith(HWY_CAPPED(int16_t, 16)(), curve, a, b, width, height);
  return CostWith(HWY_CAPPED(int16_t, 8)(), curve, a, b, width, height);
}

template <class D8>
HWY_INLINE void AverageWith(D8 d, Samples a, Samples b, int width, int height, uint8_t* out,
                            ptrdiff_t out_stride) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; x += hn::Lanes(d)) {
      const auto va = hn::LoadU(d, a.data + y * a.stride + x);
      const auto vb = hn::LoadU(d, b.data + y * b.stride + x);
      hn::StoreU(hn::AverageRound(va, vb), d, out + y * out_stride + x);
    }
  }
}

void AverageKernel(Samples a, Samples b, int width, int height, uint8_t* out,
                   ptrdiff_t out_stride) {
  if (width % 32 == 0) {
    AverageWith(HWY_CAPPED(uint8_t, 32)(), a, b, width, height, out, out_stride);
  } else if (width % 16 == 0) {
    AverageWith(HWY_CAPPED(uint8_t, 16)(), a, b, width, height, out, out_stride);
  } else {
    AverageWith(HWY_CAPPED(uint8_t, 8)(), a, b, width, height, out, out_stride);
  }
}

void RoundKernel(const int16_t* p, int width, int height, uint8_t* out, ptrdiff_t out_stride) {
  const HWY_CAPPED(int16_t, 8) d16;
  const hn::Rebind<uint8_t, decltype(d16)> d8;
  const auto half = hn::Set(d16, int16_t{32});
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; x += hn::Lanes(d16)) {
      const auto v = hn::SaturatedAdd(hn::LoadU(d16, p + y * kMaxBlock + x), half);
      hn::StoreU(hn::DemoteTo(d8, hn::ShiftRight<6>(v)), d8, out + y * out_stride + x);
    }
  }
}

#endif  // HWY_TARGET

}  // namespace HWY_NAMESPACE
}  // namespace furl::motion
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace furl::motion {

HWY_EXPORT(SadKernel);
HWY_EXPORT(CostKernel);
HWY_EXPORT(AverageKernel);
HWY_EXPORT(RoundKernel);

uint32_t Sad(Samples a, Samples b, int width, int height) {
  return HWY_DYNAMIC_DISPATCH(SadKernel)(a, b, width, height);
}

CostCurve::CostCurve(double step, double a, double u0, double s1, double u1, double s2)
    : scale(static_cast<int16_t>(std::clamp(131072 / step, 1.0, 32767.0))),
      square(static_cast<int16_t>(std::min(4096 * a, 32767.0))),
      t0(static_cast<int16_t>(32 * u0)),
      t1(static_cast<int16_t>(32 * u1)),
      slope1(static_cast<int16_t>(2 * s1)),
      slope2(static_cast<int16_t>(2 * s2)) {
  // Kernels add eight prices in int16.
  FURL_DASSERT(8 * ((t0 * t0 * square >> 16) + (t1 - t0) * slope1 + (kMaxCurve - t1) * slope2) <
               32768);
}

CostCurve CodingCurve(double step) { return {step, 7.5, 0.65, 4, 2, 2}; }

uint32_t ResidualCost(const CostCurve& curve, Samples a, Samples b, int width, int height) {
  return HWY_DYNAMIC_DISPATCH(CostKernel)(curve, a, b, width, height);
}

void Average(Samples a, Samples b, int width, int height, uint8_t* out, ptrdiff_t out_stride) {
  HWY_DYNAMIC_DISPATCH(AverageKernel)(a, b, width, height, out, out_stride);
}

void RoundTo8Bits(const int16_t* p, int width, int height, uint8_t* out, ptrdiff_t out_stride) {
  HWY_DYNAMIC_DISPATCH(RoundKernel)(p, width, height, out, out_stride);
}

}  // namespace furl::motion
#endif  // HWY_ONCE
