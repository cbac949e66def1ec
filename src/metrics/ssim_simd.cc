// SSIM of a tile, for every SIMD target.
//
// With s = x + y and d = x - y and E the windowed mean,
//   luminance          1 - E[d]^2 / ((E[s]^2 + E[d]^2) / 2 + c1)
//   contrast-structure 1 - V[d]   / ((V[s]   + V[d])   / 2 + c2),  V[z] = E[z^2] - E[z]^2
// so four windowed means are enough, and what is subtracted from 1 is small and
// keeps its precision where the pictures are alike.
//
// Rows are kept in four phases: samples x, x + 4, x + 8, ... lie together. So a
// vector of windows of each phase needs 14 loads for its 4 * 11 taps across. Down
// the columns two rows of windows share 10 of their 11 rows.

#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/ssim_simd.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// Must come after foreach_target.
#include "hwy/highway.h"
#include "metrics/ssim_kernels.h"

#ifndef FURL_METRICS_SSIM_SIMD_ONCE_
#define FURL_METRICS_SSIM_SIMD_ONCE_
#include <algorithm>
#include <cstring>

#include "base/status.h"

namespace furl {
// The four quantities: s, d, s^2, d^2.
inline constexpr int kChannels = 4;
inline constexpr int kPhases = 4;
inline constexpr int kPhaseFloats = (kSsimTile + kSsimWindow - 1 + kPhases - 1) / kPhases;
inline constexpr int kChannelFloats = kPhases * kPhaseFloats;
static_assert(kPhaseFloats % 16 == 0, "whole vectors");

struct SsimRow {
  // Channel after channel, phase after phase; a vector may be read behind them.
  alignas(64) float data[kChannels * kChannelFloats + 16];
};

// Two rows of windows at a time.
inline constexpr int kRing = kSsimWindow + 1;
}  // namespace furl
#endif

HWY_BEFORE_NAMESPACE();
namespace furl {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = HWY_CAPPED(float, 16);
using V = hn::Vec<D>;

// 4 * lanes samples as four phases.
HWY_INLINE void LoadPhases(D d, const float* p, V phase[kPhases]) {
  hn::LoadInterleaved4(d, p, phase[0], phase[1], phase[2], phase[3]);
}
HWY_INLINE void LoadPhases(D d, const uint16_t* p, V phase[kPhases]) {
  const hn::Rebind<uint16_t, D> d16;
  const hn::Rebind<int32_t, D> d32;
  hn::Vec<decltype(d16)> v[kPhases];
  hn::LoadInterleaved4(d16, p, v[0], v[1], v[2], v[3]);
  for (int i = 0; i < kPhases; ++i) phase[i] = hn::ConvertTo(d, hn::PromoteTo(d32, v[i]));
}

// The channels of 4 * lanes samples, to phase offset `n`.
template <typename Sample>
HWY_INLINE void PrepareVectors(D d, const Sample* a, const Sample* b, V center, int n,
                               SsimRow* row) {
  V va[kPhases];
  V vb[kPhases];
  LoadPhases(d, a, va);
  LoadPhases(d, b, vb);
  for (int i = 0; i < kPhases; ++i) {
    float* to = row->data + i * kPhaseFloats + n;
    const V s = hn::Sub(hn::Add(va[i], vb[i]), center);
    const V t = hn::Sub(va[i], vb[i]);
    hn::Store(s, d, to);
    hn::Store(t, d, to + kChannelFloats);
    hn::Store(hn::Mul(s, s), d, to + 2 * kChannelFloats);
    hn::Store(hn::Mul(t, t), d, to + 3 * kChannelFloats);
  }
}

// Nothing behind the `n` samples of a row is read.
template <typename Sample>
HWY_INLINE void PrepareRow(const Sample* a, const Sample* b, int n, float center, SsimRow* row) {
  const D d;
  const V vc = hn::Set(d, center);
  const int step = kPhases * static_cast<int>(hn::Lanes(d));
  int x = 0;
  for (; x + step <= n; x += step) PrepareVectors(d, a + x, b + x, vc, x / kPhases, row);
  if (x < n) {
    Sample rest_a[kPhases * 16] = {};
    Sample rest_b[kPhases * 16] = {};
    std::memcpy(rest_a, a + x, static_cast<size_t>(n - x) * sizeof(Sample));
    std::memcpy(rest_b, b + x, static_cast<size_t>(n - x) * sizeof(Sample));
    PrepareVectors(d, rest_a, rest_b, vc, x / kPhases, row);
  }
}

// The weighted sum of v[0..10]; the window is symmetric.
HWY_INLINE V Weigh(D d, const V* v) {
  constexpr int kHalf = kSsimWindow / 2;
  V sum = hn::Mul(hn::Set(d, kSsimWeights[kHalf]), v[kHalf]);
  for (int k = 0; k < kHalf; ++k) {
    sum = hn::MulAdd(hn::Set(d, kSsimWeights[k]), hn::Add(v[k], v[kSsimWindow - 1 - k]), sum);
  }
  return sum;
}

// Windowed means down the columns of rows 0..10 and 1..11, for `n` samples a phase.
HWY_INLINE void FilterDown(const SsimRow* const rows[kRing], int n, SsimRow out[2]) {
  const D d;
  for (int start = 0; start < kChannels * kChannelFloats; start += kPhaseFloats) {
    for (int x = start; x < start + n; x += static_cast<int>(hn::Lanes(d))) {
      V v[kRing];
      for (int k = 0; k < kRing; ++k) v[k] = hn::Load(d, rows[k]->data + x);
      hn::Store(Weigh(d, v), d, out[0].data + x);
      hn::Store(Weigh(d, v + 1), d, out[1].data + x);
    }
  }
}

// Windowed means across, of one channel: a vector for each phase.
HWY_INLINE void FilterAcross(D d, const float* channel, V means[kPhases]) {
  constexpr int kTaps = kSsimWindow + kPhases - 1;
  V v[kTaps];
  for (int q = 0; q < kTaps; ++q) {
    v[q] = hn::LoadU(d, channel + q % kPhases * kPhaseFloats + q / kPhases);
  }
  for (int i = 0; i < kPhases; ++i) means[i] = Weigh(d, v + i);
}

struct LossVectors {
  V ssim;
  V contrast;
};

// The losses of a vector of windows from their means of s, d, s^2, d^2.
HWY_INLINE LossVectors Losses(D d, const SsimScale& scale, V s, V t, V s2, V t2) {
  const V half = hn::Set(d, 0.5f);
  // Rounding may leave variances of flat windows below zero.
  const V vs = hn::ZeroIfNegative(hn::NegMulAdd(s, s, s2));
  const V q = hn::ZeroIfNegative(hn::NegMulAdd(t, t, t2));
  const V p = hn::Mul(t, t);
  const V m = hn::Add(s, hn::Set(d, scale.center));
  const V den1 = hn::MulAdd(half, hn::MulAdd(m, m, p), hn::Set(d, scale.c1));
  const V den2 = hn::MulAdd(half, hn::Add(vs, q), hn::Set(d, scale.c2));
  // u = p / den1 and v = q / den2 in one division; 1 - (1 - u)(1 - v) = u + v - u v
  const V inverse = hn::Div(hn::Set(d, 1.0f), hn::Mul(den1, den2));
  const V v = hn::Mul(hn::Mul(q, den1), inverse);
  const V u = hn::Mul(hn::Mul(p, den2), inverse);
  return {hn::Add(u, hn::NegMulAdd(u, v, v)), v};
}

// Losses of a row of `windows` from the means down its columns.
HWY_INLINE void AddRow(const SsimRow& row, int windows, const SsimScale& scale, SsimLoss* loss) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  V ssim = hn::Zero(d);
  V contrast = hn::Zero(d);
  for (int n = 0; kPhases * n < windows; n += lanes) {
    V means[kChannels][kPhases];
    for (int c = 0; c < kChannels; ++c) {
      FilterAcross(d, row.data + c * kChannelFloats + n, means[c]);
    }
    for (int i = 0; i < kPhases; ++i) {
      LossVectors l = Losses(d, scale, means[0][i], means[1][i], means[2][i], means[3][i]);
      const int inside = (windows - i + kPhases - 1) / kPhases - n;
      if (inside < lanes) {
        const auto mask = hn::FirstN(d, static_cast<size_t>(std::max(inside, 0)));
        l.ssim = hn::IfThenElseZero(mask, l.ssim);
        l.contrast = hn::IfThenElseZero(mask, l.contrast);
      }
      ssim = hn::Add(ssim, l.ssim);
      contrast = hn::Add(contrast, l.contrast);
    }
  }
  loss->ssim += hn::GetLane(hn::SumOfLanes(d, ssim));
  loss->contrast_structure += hn::GetLane(hn::SumOfLanes(d, contrast));
}

template <typename Sample>
HWY_INLINE SsimLoss LossOfTile(PlaneView<const Sample> a, PlaneView<const Sample> b,
                               const SsimScale& scale) {
  constexpr int kMargin = kSsimWindow - 1;
  SsimRow ring[kRing];
  std::memset(ring, 0, sizeof(ring));
  SsimRow down[2] = {};
  const auto prepare = [&](int y) HWY_ATTR {
    if (y < a.height) PrepareRow(a.row(y), b.row(y), a.width, scale.center, &ring[y % kRing]);
  };
  for (int y = 0; y < kMargin; ++y) prepare(y);
  SsimLoss loss;
  for (int y = 0; y + kMargin < a.height; y += 2) {
    prepare(y + kMargin);
    prepare(y + kMargin + 1);
    const SsimRow* rows[kRing];
    for (int k = 0; k < kRing; ++k) rows[k] = &ring[(y + k) % kRing];
    FilterDown(rows, (a.width + kPhases - 1) / kPhases, down);
    AddRow(down[0], a.width - kMargin, scale, &loss);
    if (y + 1 + kMargin < a.height) AddRow(down[1], a.width - kMargin, scale, &loss);
  }
  return loss;
}

SsimLoss LossOfIntegers(ConstPlane a, ConstPlane b, const SsimScale& scale) {
  return LossOfTile(a, b, scale);
}

SsimLoss LossOfFloats(PlaneView<const float> a, PlaneView<const float> b, const SsimScale& scale) {
  return LossOfTile(a, b, scale);
}

}  // namespace HWY_NAMESPACE
}  // namespace furl
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace furl {

HWY_EXPORT(LossOfIntegers);
HWY_EXPORT(LossOfFloats);

SsimLoss SumSsimLoss(ConstPlane a, ConstPlane b, const SsimScale& scale) {
  FURL_DASSERT(a.width < kSsimWindow + kSsimTile);
  return HWY_DYNAMIC_DISPATCH(LossOfIntegers)(a, b, scale);
}

SsimLoss SumSsimLoss(PlaneView<const float> a, PlaneView<const float> b, const SsimScale& scale) {
  FURL_DASSERT(a.width < kSsimWindow + kSsimTile);
  return HWY_DYNAMIC_DISPATCH(LossOfFloats)(a, b, scale);
}

}  // namespace furl
#endif  // HWY_ONCE
