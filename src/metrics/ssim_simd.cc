// SSIM of a tile, for every SIMD target.
//
// With s = x + y and d = x - y and E the windowed mean,
//   luminance          1 - E[d]^2 / ((E[s]^2 + E[d]^2) / 2 + c1)
//   contrast-structure 1 - V[d]   / ((V[s]   + V[d])   / 2 + c2),  V[z] = E[z^2] - E[z]^2
// so four windowed means are enough, and what is subtracted from 1 is small and
// keeps its precision where the pictures are alike.
//
// Means are taken down the columns first, at the rows where windows stand
// (ssim_rows-inl.h), then across, at the columns where they do: every fourth, at
// one of four offsets. In the two phases of a row such a window takes six
// neighbours of one phase and five of the other, so a vector of windows needs six
// products of vectors: lanes 2 i and 2 i + 1 hold half the taps of window i each.

#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/ssim_simd.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// Must come after foreach_target.
#include "hwy/highway.h"
#include "metrics/ssim_kernels.h"
#include "metrics/ssim_rows-inl.h"

#ifndef FURL_METRICS_SSIM_SIMD_ONCE_
#define FURL_METRICS_SSIM_SIMD_ONCE_
#include <algorithm>
#endif

HWY_BEFORE_NAMESPACE();
namespace furl {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

SsimLoss LossOfIntegers(ConstPlane a, ConstPlane b, const SsimScale& scale, const SsimGrid& grid) {
  return SumSsimLossPlain(a, b, scale, grid);
}

SsimLoss LossOfFloats(PlaneView<const float> a, PlaneView<const float> b, const SsimScale& scale,
                      const SsimGrid& grid) {
  return SumSsimLossPlain(a, b, scale, grid);
}

#else

// Windowed means across: of twice the windows that fit a vector by halves.
class Across {
 public:
  // For windows at columns 4 n + offset.
  Across(const MeansRow& row, int offset) : row_(row), offset_(offset) {
    const DF d;
    for (int k = 0; k < kSteps; ++k) {
      for (int i = 0; i < kPhases; ++i) {
        const int tap = 4 * k + i;
        const float second = tap + 2 < kSsimWindow ? kSsimWeights[tap + 2] : 0;
        weights_[k][i] = hn::OddEven(hn::Set(d, second), hn::Set(d, kSsimWeights[tap]));
      }
    }
  }

  // Of channel `c`: lane 2 i is window n + i, lane 2 i + 1 is window n + Lanes / 2 + i.
  HWY_INLINE VF Means(int c, int n) const {
    const VF low = Halves(c, n);
    const VF high = Halves(c, n + static_cast<int>(hn::Lanes(DF())) / 2);
    return hn::Add(hn::OddEven(high, low), hn::Shuffle2301(hn::OddEven(low, high)));
  }

 private:
  static constexpr int kSteps = (kSsimWindow + 3) / 4;

  HWY_INLINE VF Halves(int c, int n) const {
    const DF d;
    const float* first = row_.lanes[c][offset_ % 2] + offset_ / 2 + 2 * n;
    const float* second = row_.lanes[c][1 - offset_ % 2] + (offset_ + 1) / 2 + 2 * n;
    VF sum = hn::Mul(weights_[0][0], hn::LoadU(d, first));
    sum = hn::MulAdd(weights_[0][1], hn::LoadU(d, second), sum);
    for (int k = 1; k < kSteps; ++k) {
      sum = hn::MulAdd(weights_[k][0], hn::LoadU(d, first + 2 * k), sum);
      sum = hn::MulAdd(weights_[k][1], hn::LoadU(d, second + 2 * k), sum);
    }
    return sum;
  }

  const MeansRow& row_;
  const int offset_;
  VF weights_[kSteps][kPhases];
};

struct LossVectors {
  VF ssim;
  VF contrast;
};

// The losses of a vector of windows from their means of s, d, s^2, d^2.
HWY_INLINE LossVectors Losses(const SsimScale& scale, VF s, VF t, VF s2, VF t2) {
  const DF d;
  const VF half = hn::Set(d, 0.5f);
  // Rounding may leave variances of flat windows below zero.
  const VF vs = hn::ZeroIfNegative(hn::NegMulAdd(s, s, s2));
  const VF q = hn::ZeroIfNegative(hn::NegMulAdd(t, t, t2));
  const VF p = hn::Mul(t, t);
  const VF m = hn::Add(s, hn::Set(d, scale.center));
  const VF den1 = hn::MulAdd(half, hn::MulAdd(m, m, p), hn::Set(d, scale.c1));
  const VF den2 = hn::MulAdd(half, hn::Add(vs, q), hn::Set(d, scale.c2));
  // u = p / den1 and v = q / den2 in one division; 1 - (1 - u)(1 - v) = u + v - u v
  const VF inverse = hn::Div(hn::Set(d, 1.0f), hn::Mul(den1, den2));
  const VF v = hn::Mul(hn::Mul(q, den1), inverse);
  const VF u = hn::Mul(hn::Mul(p, den2), inverse);
  return {hn::Add(u, hn::NegMulAdd(u, v, v)), v};
}

// Adds the losses of `windows` windows at columns 4 n + offset, from the means down
// the columns.
HWY_INLINE void AddRow(const MeansRow& row, int offset, int windows, const SsimScale& scale,
                       LossVectors* sums) {
  const DF d;
  const DI d32;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const Across across(row, offset);
  for (int n = 0; n < windows; n += lanes) {
    LossVectors l = Losses(scale, across.Means(0, n), across.Means(1, n), across.Means(2, n),
                           across.Means(3, n));
    if (n + lanes > windows) {
      // Which window a lane holds: see Across::Means.
      const VI lane = hn::Iota(d32, 0);
      const auto odd = hn::TestBit(lane, hn::Set(d32, 1));
      const VI window =
          hn::Add(hn::ShiftRight<1>(lane), hn::IfThenElseZero(odd, hn::Set(d32, lanes / 2)));
      const auto inside = hn::RebindMask(d, hn::Lt(window, hn::Set(d32, windows - n)));
      l.ssim = hn::IfThenElseZero(inside, l.ssim);
      l.contrast = hn::IfThenElseZero(inside, l.contrast);
    }
    sums->ssim = hn::Add(sums->ssim, l.ssim);
    sums->contrast = hn::Add(sums->contrast, l.contrast);
  }
}

// Adds the losses of the windows whose left edge is one of the first kTile
// columns of at most kTileSamples.
template <typename Sample>
HWY_INLINE void AddTile(PlaneView<const Sample> a, PlaneView<const Sample> b,
                        const SsimScale& scale, const SsimGrid& grid, LossVectors* sums) {
  MeansRow means = {};
  const int used = std::min(a.width, kTile + kSsimWindow - 1);
  for (int row = 0; row < grid.WindowsDown(a.height); ++row) {
    const int y = row * grid.row_step;
    const int next = std::min(grid.row_step, a.height - y - kSsimWindow);
    FilterDown(PlaneView<const Sample>{a.row(y), a.stride, a.width, kSsimWindow},
               PlaneView<const Sample>{b.row(y), b.stride, b.width, kSsimWindow}, next,
               scale.center, &means);
    for (int offset = 0; offset < 4; ++offset) {
      if (!grid.Has(row, offset)) continue;
      AddRow(means, offset, SsimGrid::WindowsAcross(used, offset), scale, sums);
    }
  }
}

template <typename Sample>
HWY_INLINE SsimLoss LossOfRows(PlaneView<const Sample> a, PlaneView<const Sample> b,
                               const SsimScale& scale, const SsimGrid& grid) {
  const DF d;
  LossVectors sums = {hn::Zero(d), hn::Zero(d)};
  for (int x = 0; x + kSsimWindow <= a.width; x += kTile) {
    const int width = std::min(kTileSamples, a.width - x);
    AddTile<Sample>({a.data + x, a.stride, width, a.height},
                    {b.data + x, b.stride, width, b.height}, scale, grid, &sums);
  }
  return {hn::GetLane(hn::SumOfLanes(d, sums.ssim)), hn::GetLane(hn::SumOfLanes(d, sums.contrast))};
}

SsimLoss LossOfIntegers(ConstPlane a, ConstPlane b, const SsimScale& scale, const SsimGrid& grid) {
  return LossOfRows(a, b, scale, grid);
}

SsimLoss LossOfFloats(PlaneView<const float> a, PlaneView<const float> b, const SsimScale& scale,
                      const SsimGrid& grid) {
  return LossOfRows(a, b, scale, grid);
}

#endif  // HWY_TARGET

}  // namespace HWY_NAMESPACE
}  // namespace furl
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace furl {

HWY_EXPORT(LossOfIntegers);
HWY_EXPORT(LossOfFloats);

SsimLoss SumSsimLoss(ConstPlane a, ConstPlane b, const SsimScale& scale, const SsimGrid& grid) {
  return HWY_DYNAMIC_DISPATCH(LossOfIntegers)(a, b, scale, grid);
}

SsimLoss SumSsimLoss(PlaneView<const float> a, PlaneView<const float> b, const SsimScale& scale,
                     const SsimGrid& grid) {
  return HWY_DYNAMIC_DISPATCH(LossOfFloats)(a, b, scale, grid);
}

}  // namespace furl
#endif  // HWY_ONCE
