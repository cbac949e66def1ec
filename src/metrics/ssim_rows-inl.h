// Windowed means down the columns of two planes, for ssim_simd.cc, which says what
// the four channels are. Even and odd columns are kept apart, in two "phases".

// NOLINTNEXTLINE: one guard per target, flipped by Highway for each of them.
#if defined(FURL_METRICS_SSIM_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef FURL_METRICS_SSIM_ROWS_INL_H_
#undef FURL_METRICS_SSIM_ROWS_INL_H_
#else
#define FURL_METRICS_SSIM_ROWS_INL_H_
#endif

#include "base/pair_products-inl.h"
#include "hwy/cache_control.h"
#include "hwy/highway.h"
#include "metrics/ssim_kernels.h"

#ifndef FURL_METRICS_SSIM_ROWS_ONCE_
#define FURL_METRICS_SSIM_ROWS_ONCE_
#include <cstring>

namespace furl {
inline constexpr int kChannels = 4;  // s, d, s^2, d^2
inline constexpr int kPhases = 2;

// Left edges of windows that are worked on together, so that their means stay in the
// first-level cache; whole lines of samples, and a multiple of the grid's step.
inline constexpr int kTile = 480;
// Samples read for them, in whole vectors.
inline constexpr int kTileSamples = 512;
static_assert(kTile % 32 == 0 && kTile + kSsimWindow - 1 <= kTileSamples);
inline constexpr int kPhaseLanes = kTileSamples / kPhases;
static_assert(kPhaseLanes % 16 == 0, "whole vectors");

// Means of a row of windows at every column; a vector may be read behind them.
struct alignas(64) MeansRow {
  float lanes[kChannels][kPhases][kPhaseLanes + 16];
};
}  // namespace furl
#endif  // FURL_METRICS_SSIM_ROWS_ONCE_

HWY_BEFORE_NAMESPACE();
namespace furl {
namespace HWY_NAMESPACE {

#if HWY_TARGET != HWY_SCALAR

namespace hn = hwy::HWY_NAMESPACE;
using DF = HWY_CAPPED(float, 16);
using DI = hn::Rebind<int32_t, DF>;
using DS = hn::Repartition<int16_t, DF>;
using VF = hn::Vec<DF>;
using VI = hn::Vec<DI>;
using VS = hn::Vec<DS>;

// The channels of two vectors of columns, added over two rows.
struct PairSums {
  VF of[kChannels][kPhases];
};

// Lanes of 32 bits that hold a column of both rows, even columns first.
HWY_INLINE void LoadColumns(const uint16_t* row0, const uint16_t* row1, VS out[kPhases]) {
  const DS d16;
  const DI d32;
  const VS v0 = hn::LoadU(d16, reinterpret_cast<const int16_t*>(row0));
  const VS v1 = hn::LoadU(d16, reinterpret_cast<const int16_t*>(row1));
  out[0] = hn::OddEven(hn::BitCast(d16, hn::ShiftLeft<16>(hn::BitCast(d32, v1))), v0);
  out[1] = hn::OddEven(v1, hn::BitCast(d16, hn::ShiftRight<16>(hn::BitCast(d32, v0))));
}

// Of integers below 2^14; exact below 2^11.
HWY_INLINE PairSums SumPair(const uint16_t* a0, const uint16_t* a1, const uint16_t* b0,
                            const uint16_t* b1, float center) {
  const DF d;
  const DS d16;
  const VI zero = hn::Zero(DI());
  const VS offset = hn::Set(d16, static_cast<int16_t>(center));
  const VS one = hn::Set(d16, 1);
  VS a[kPhases];
  VS b[kPhases];
  LoadColumns(a0, a1, a);
  LoadColumns(b0, b1, b);
  PairSums sums;
  for (int p = 0; p < kPhases; ++p) {
    const VS s = hn::Sub(hn::Add(a[p], b[p]), offset);
    const VS t = hn::Sub(a[p], b[p]);
    sums.of[0][p] = hn::ConvertTo(d, AddPairProducts(s, one, zero));
    sums.of[1][p] = hn::ConvertTo(d, AddPairProducts(t, one, zero));
    sums.of[2][p] = hn::ConvertTo(d, AddPairProducts(s, s, zero));
    sums.of[3][p] = hn::ConvertTo(d, AddPairProducts(t, t, zero));
  }
  return sums;
}

// Of fractions.
HWY_INLINE PairSums SumPair(const float* a0, const float* a1, const float* b0, const float* b1,
                            float center) {
  const DF d;
  const VF offset = hn::Set(d, center);
  VF a[2][kPhases];
  VF b[2][kPhases];
  hn::LoadInterleaved2(d, a0, a[0][0], a[0][1]);
  hn::LoadInterleaved2(d, a1, a[1][0], a[1][1]);
  hn::LoadInterleaved2(d, b0, b[0][0], b[0][1]);
  hn::LoadInterleaved2(d, b1, b[1][0], b[1][1]);
  PairSums sums;
  for (int p = 0; p < kPhases; ++p) {
    const VF s0 = hn::Sub(hn::Add(a[0][p], b[0][p]), offset);
    const VF s1 = hn::Sub(hn::Add(a[1][p], b[1][p]), offset);
    const VF t0 = hn::Sub(a[0][p], b[0][p]);
    const VF t1 = hn::Sub(a[1][p], b[1][p]);
    sums.of[0][p] = hn::Add(s0, s1);
    sums.of[1][p] = hn::Add(t0, t1);
    sums.of[2][p] = hn::MulAdd(s0, s0, hn::Mul(s1, s1));
    sums.of[3][p] = hn::MulAdd(t0, t0, hn::Mul(t1, t1));
  }
  return sums;
}

// Means of windows at two vectors of columns, whose upper rows are at `a` and `b`, to
// lane `n`. Rows of equal weight go together, the middle one with itself.
template <typename Sample>
HWY_INLINE void FilterColumns(const Sample* a, ptrdiff_t a_stride, const Sample* b,
                              ptrdiff_t b_stride, float center, int n, MeansRow* means) {
  const DF d;
  constexpr int kLast = kSsimWindow - 1;
  VF sums[kChannels][kPhases];
  for (int k = 0; k <= kLast / 2; ++k) {
    const PairSums add = SumPair(a + k * a_stride, a + (kLast - k) * a_stride, b + k * b_stride,
                                 b + (kLast - k) * b_stride, center);
    const VF weight = hn::Set(d, 2 * k == kLast ? kSsimWeights[k] / 2 : kSsimWeights[k]);
    for (int c = 0; c < kChannels; ++c) {
      for (int p = 0; p < kPhases; ++p) {
        sums[c][p] =
            k == 0 ? hn::Mul(weight, add.of[c][p]) : hn::MulAdd(weight, add.of[c][p], sums[c][p]);
      }
    }
  }
  for (int c = 0; c < kChannels; ++c) {
    for (int p = 0; p < kPhases; ++p) hn::Store(sums[c][p], d, means->lanes[c][p] + n);
  }
}

// The same of the first kSsimWindow rows of `a` and `b` at all columns. Nothing
// behind the samples is read: of the last ones a copy is taken. Meanwhile `next`
// further rows are fetched, too many streams for hardware to see them coming.
template <typename Sample>
HWY_INLINE void FilterDown(PlaneView<const Sample> a, PlaneView<const Sample> b, int next,
                           float center, MeansRow* means) {
  constexpr int kLine = static_cast<int>(64 / sizeof(Sample));
  const int step = kPhases * static_cast<int>(hn::Lanes(DF()));
  int x = 0;
  for (; x + step <= a.width; x += step) {
    for (int k = 0; k < next; ++k) {
      for (int i = 0; i < step; i += kLine) {
        hwy::Prefetch(a.row(kSsimWindow + k) + x + i);
        hwy::Prefetch(b.row(kSsimWindow + k) + x + i);
      }
    }
    FilterColumns(a.data + x, a.stride, b.data + x, b.stride, center, x / kPhases, means);
  }
  if (x == a.width) return;
  constexpr int kStride = kPhases * 16;
  Sample rest_a[kSsimWindow * kStride] = {};
  Sample rest_b[kSsimWindow * kStride] = {};
  const size_t bytes = static_cast<size_t>(a.width - x) * sizeof(Sample);
  for (int k = 0; k < kSsimWindow; ++k) {
    std::memcpy(rest_a + k * kStride, a.row(k) + x, bytes);
    std::memcpy(rest_b + k * kStride, b.row(k) + x, bytes);
  }
  FilterColumns(rest_a, kStride, rest_b, kStride, center, x / kPhases, means);
}

#endif  // HWY_TARGET

}  // namespace HWY_NAMESPACE
}  // namespace furl
HWY_AFTER_NAMESPACE();

#endif  // FURL_METRICS_SSIM_ROWS_INL_H_
