// SSIM of a tile, for every SIMD target.
//
// With s = x + y and d = x - y and E the windowed mean,
//   luminance          1 - E[d]^2 / ((E[s]^2 + E[d]^2) / 2 + c1)
//   contrast-structure 1 - V[d]   / ((V[s]   + V[d])   / 2 + c2),  V[z] = E[z^2] - E[z]^2
// so four windowed means are enough, and what is subtracted from 1 is small and
// keeps its precision where the pictures are alike.

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
// Floats of a row: the samples of a tile's windows and a vector's excess.
inline constexpr int kRowFloats = (kSsimTile + kSsimWindow - 1 + 15) / 16 * 16;

struct SsimRow {
  alignas(64) float channel[kChannels][kRowFloats];
};
}  // namespace furl
#endif

HWY_BEFORE_NAMESPACE();
namespace furl {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = HWY_CAPPED(float, 16);
using V = hn::Vec<D>;

HWY_INLINE V LoadFloats(D d, const float* p) { return hn::LoadU(d, p); }
HWY_INLINE V LoadFloats(D d, const uint16_t* p) {
  const hn::Rebind<uint16_t, D> d16;
  const hn::Rebind<int32_t, D> d32;
  return hn::ConvertTo(d, hn::PromoteTo(d32, hn::LoadU(d16, p)));
}

// The channels of one vector of samples.
template <typename Sample>
HWY_INLINE void PrepareVector(D d, const Sample* a, const Sample* b, float center, int x,
                              SsimRow* row) {
  const V va = LoadFloats(d, a);
  const V vb = LoadFloats(d, b);
  const V s = hn::Sub(hn::Add(va, vb), hn::Set(d, center));
  const V t = hn::Sub(va, vb);
  hn::Store(s, d, row->channel[0] + x);
  hn::Store(t, d, row->channel[1] + x);
  hn::Store(hn::Mul(s, s), d, row->channel[2] + x);
  hn::Store(hn::Mul(t, t), d, row->channel[3] + x);
}

// Nothing behind the `n` samples of a row is read.
template <typename Sample>
HWY_INLINE void PrepareRow(const Sample* a, const Sample* b, int n, float center, SsimRow* row) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  int x = 0;
  for (; x + lanes <= n; x += lanes) PrepareVector(d, a + x, b + x, center, x, row);
  if (x < n) {
    Sample rest_a[16] = {};
    Sample rest_b[16] = {};
    std::memcpy(rest_a, a + x, static_cast<size_t>(n - x) * sizeof(Sample));
    std::memcpy(rest_b, b + x, static_cast<size_t>(n - x) * sizeof(Sample));
    PrepareVector(d, rest_a, rest_b, center, x, row);
  }
}

// Windowed means down the columns of 11 rows.
HWY_INLINE void FilterDown(const SsimRow* const rows[kSsimWindow], int n, SsimRow* out) {
  const D d;
  for (int c = 0; c < kChannels; ++c) {
    for (int x = 0; x < n; x += static_cast<int>(hn::Lanes(d))) {
      V sum = hn::Mul(hn::Set(d, kSsimWeights[0]), hn::Load(d, rows[0]->channel[c] + x));
      for (int k = 1; k < kSsimWindow; ++k) {
        sum = hn::MulAdd(hn::Set(d, kSsimWeights[k]), hn::Load(d, rows[k]->channel[c] + x), sum);
      }
      hn::Store(sum, d, out->channel[c] + x);
    }
  }
}

HWY_INLINE V FilterAcross(D d, const float* p) {
  V sum = hn::Mul(hn::Set(d, kSsimWeights[0]), hn::LoadU(d, p));
  for (int k = 1; k < kSsimWindow; ++k) {
    sum = hn::MulAdd(hn::Set(d, kSsimWeights[k]), hn::LoadU(d, p + k), sum);
  }
  return sum;
}

// Losses of a row of `n` windows from the means down its columns.
HWY_INLINE void AddRow(const SsimRow& row, int n, const SsimScale& scale, SsimLoss* loss) {
  const D d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const V half = hn::Set(d, 0.5f);
  V ssim = hn::Zero(d);
  V contrast = hn::Zero(d);
  for (int x = 0; x < n; x += lanes) {
    const V s = FilterAcross(d, row.channel[0] + x);
    const V t = FilterAcross(d, row.channel[1] + x);
    const V s2 = FilterAcross(d, row.channel[2] + x);
    const V t2 = FilterAcross(d, row.channel[3] + x);
    // Rounding may leave variances of flat windows below zero.
    const V vs = hn::ZeroIfNegative(hn::NegMulAdd(s, s, s2));
    const V q = hn::ZeroIfNegative(hn::NegMulAdd(t, t, t2));
    const V p = hn::Mul(t, t);
    const V m = hn::Add(s, hn::Set(d, scale.center));
    const V den1 = hn::MulAdd(half, hn::MulAdd(m, m, p), hn::Set(d, scale.c1));
    const V den2 = hn::MulAdd(half, hn::Add(vs, q), hn::Set(d, scale.c2));
    // p / den1 and q / den2 in one division; 1 - (1 - u)(1 - v) = u + v - u v
    const V inverse = hn::Div(hn::Set(d, 1.0f), hn::Mul(den1, den2));
    const V v = hn::Mul(hn::Mul(q, den1), inverse);
    const V u = hn::Mul(hn::Mul(p, den2), inverse);
    V both = hn::Add(u, hn::NegMulAdd(u, v, v));
    V second = v;
    if (x + lanes > n) {
      const auto inside = hn::FirstN(d, static_cast<size_t>(n - x));
      both = hn::IfThenElseZero(inside, both);
      second = hn::IfThenElseZero(inside, second);
    }
    ssim = hn::Add(ssim, both);
    contrast = hn::Add(contrast, second);
  }
  loss->ssim += hn::GetLane(hn::SumOfLanes(d, ssim));
  loss->contrast_structure += hn::GetLane(hn::SumOfLanes(d, contrast));
}

template <typename Sample>
HWY_INLINE SsimLoss LossOfTile(PlaneView<const Sample> a, PlaneView<const Sample> b,
                               const SsimScale& scale) {
  constexpr int kMargin = kSsimWindow - 1;
  SsimRow ring[kSsimWindow];
  // Columns behind the samples feed only windows that are masked out, but
  // must be numbers.
  std::memset(ring, 0, sizeof(ring));
  SsimRow down = {};
  for (int y = 0; y < kMargin; ++y) PrepareRow(a.row(y), b.row(y), a.width, scale.center, &ring[y]);
  SsimLoss loss;
  for (int y = 0; y + kMargin < a.height; ++y) {
    PrepareRow(a.row(y + kMargin), b.row(y + kMargin), a.width, scale.center,
               &ring[(y + kMargin) % kSsimWindow]);
    const SsimRow* rows[kSsimWindow];
    for (int k = 0; k < kSsimWindow; ++k) rows[k] = &ring[(y + k) % kSsimWindow];
    FilterDown(rows, a.width, &down);
    AddRow(down, a.width - kMargin, scale, &loss);
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

// SciPy: exp(-k^2 / 4.5) / sum.
const float kSsimWeights[kSsimWindow] = {
    0.00102838008f, 0.00759875814f, 0.0360007721f, 0.109360690f,   0.213005538f,  0.266011725f,
    0.213005538f,   0.109360690f,   0.0360007721f, 0.00759875814f, 0.00102838008f};

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
