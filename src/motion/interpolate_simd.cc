// Interpolation with 16-bit multiply and pairwise add, for every SIMD target.
// Equal to the scalar functions bit for bit: sums are exact in int32, and the
// saturating 16-bit steps of the finishing functions saturate only where the
// final clamp gives the same value.

// Arrays of vectors and blocks of 128 bits rule out SVE; its CPUs run NEON.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "motion/interpolate_simd.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// Must come after foreach_target.
#include "base/pair_products-inl.h"
#include "hwy/highway.h"
#include "motion/interpolate.h"

HWY_BEFORE_NAMESPACE();
namespace furl::motion {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR  // no vectors of more than one lane: the definition itself

void Luma(const FilterInput& in, int width, int height, int16_t* out) {
  InterpolateLumaScalar(in, width, height, out);
}

void Chroma(const FilterInput& in, int width, int height, int16_t* out) {
  InterpolateChromaScalar(in, width, height, out);
}

void One(const int16_t* p, int width, int height, uint16_t* out, ptrdiff_t out_stride) {
  FinishOneScalar(p, width, height, out, out_stride);
}

void Two(const int16_t* p0, const int16_t* p1, int width, int height, uint16_t* out,
         uint16_t* difference, ptrdiff_t out_stride) {
  FinishTwoScalar(p0, p1, width, height, out, difference, out_stride);
}

void BlendKernel(const uint16_t* b, const int16_t* weights, bool across, int width, int height,
                 uint16_t* out, ptrdiff_t out_stride) {
  BlendScalar(b, weights, across, width, height, out, out_stride);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using furl::HWY_NAMESPACE::AddPairProducts;

// Coefficient pairs of a filter, each repeated over a vector.
template <class D16, int kTaps>
struct Coefficients {
  explicit Coefficients(const int8_t* filter) {
    const hn::Repartition<int32_t, D16> d32;
    for (int i = 0; i < kTaps / 2; ++i) {
      const uint32_t low = static_cast<uint16_t>(filter[2 * i]);
      const uint32_t high = static_cast<uint16_t>(filter[2 * i + 1]);
      pair[i] = hn::BitCast(D16(), hn::Set(d32, static_cast<int32_t>(high << 16 | low)));
    }
  }
  hn::Vec<D16> pair[kTaps / 2];
};

// rshift of sums by a run-time count.
template <class V32>
HWY_INLINE V32 Descale(V32 sum, int shift) {
  if (shift == 0) return sum;
  const hn::DFromV<V32> d32;
  return hn::ShiftRightSame(hn::Add(sum, hn::Set(d32, 1 << (shift - 1))), shift);
}

// One vector of horizontal results around s.
template <int kTaps, class D16>
HWY_INLINE hn::Vec<D16> Horizontal(D16 d, const Coefficients<D16, kTaps>& c, const int16_t* s,
                                   int shift) {
  const hn::Repartition<int32_t, D16> d32;
  auto even = hn::Zero(d32);
  auto odd = hn::Zero(d32);
  s -= kTaps / 2 - 1;
  for (int i = 0; i < kTaps / 2; ++i) {
    even = AddPairProducts(hn::LoadU(d, s + 2 * i), c.pair[i], even);
    odd = AddPairProducts(hn::LoadU(d, s + 2 * i + 1), c.pair[i], odd);
  }
  even = Descale(even, shift);
  odd = Descale(odd, shift);
  return hn::OddEven(hn::BitCast(d, hn::ShiftLeft<16>(odd)), hn::BitCast(d, even));
}

// One vector of vertical results around s.
template <int kTaps, class D16>
HWY_INLINE hn::Vec<D16> Vertical(D16 d, const Coefficients<D16, kTaps>& c, const int16_t* s,
                                 ptrdiff_t stride, int shift) {
  const hn::Repartition<int32_t, D16> d32;
  auto low = hn::Zero(d32);
  auto high = hn::Zero(d32);
  s -= (kTaps / 2 - 1) * stride;
  for (int i = 0; i < kTaps / 2; ++i) {
    const auto r0 = hn::LoadU(d, s + 2 * i * stride);
    const auto r1 = hn::LoadU(d, s + (2 * i + 1) * stride);
    low = AddPairProducts(hn::InterleaveLower(d, r0, r1), c.pair[i], low);
    high = AddPairProducts(hn::InterleaveUpper(d, r0, r1), c.pair[i], high);
  }
  return hn::ReorderDemote2To(d, Descale(low, shift), Descale(high, shift));
}

// Samples of a block, or of the rows that its interpolation needs.
struct Rows {
  const int16_t* data;
  ptrdiff_t stride;
  int width;
  int height;
};

// Results of whole blocks; rows of `out` are kMaxBlock apart.
template <class D16>
HWY_INLINE void ScaleRows(D16 d, const Rows& in, int shift, int16_t* out) {
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; x += lanes) {
      const auto v = hn::LoadU(d, in.data + y * in.stride + x);
      hn::StoreU(hn::ShiftLeftSame(v, shift), d, out + y * kMaxBlock + x);
    }
  }
}

template <int kTaps, class D16>
HWY_INLINE void HorizontalRows(D16 d, const int8_t* filter, const Rows& in, int shift,
                               int16_t* out) {
  const int lanes = static_cast<int>(hn::Lanes(d));
  const Coefficients<D16, kTaps> c(filter);
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; x += lanes) {
      hn::StoreU(Horizontal<kTaps>(d, c, in.data + y * in.stride + x, shift), d,
                 out + y * kMaxBlock + x);
    }
  }
}

template <int kTaps, class D16>
HWY_INLINE void VerticalRows(D16 d, const int8_t* filter, const Rows& in, int shift, int16_t* out) {
  const int lanes = static_cast<int>(hn::Lanes(d));
  const Coefficients<D16, kTaps> c(filter);
  for (int y = 0; y < in.height; ++y) {
    for (int x = 0; x < in.width; x += lanes) {
      hn::StoreU(Vertical<kTaps>(d, c, in.data + y * in.stride + x, in.stride, shift), d,
                 out + y * kMaxBlock + x);
    }
  }
}

template <int kTaps, class D16>
HWY_INLINE void InterpolateWith(D16 d, const FilterInput& in, const int8_t* filter_x,
                                const int8_t* filter_y, int width, int height, int16_t* out) {
  constexpr int kAbove = kTaps / 2 - 1;
  const int shift = in.bit_depth - 8;
  // Samples have at most 10 bits, so they are the same numbers as int16.
  const Rows ref = {reinterpret_cast<const int16_t*>(in.ref), in.stride, width, height};
  if (in.fx == 0 && in.fy == 0) {
    ScaleRows(d, ref, 6 - shift, out);
  } else if (in.fx == 0) {
    VerticalRows<kTaps>(d, filter_y, ref, shift, out);
  } else if (in.fy == 0) {
    HorizontalRows<kTaps>(d, filter_x, ref, shift, out);
  } else {
    HWY_ALIGN int16_t rows[(kMaxBlock + kTaps - 1) * kMaxBlock];
    const Rows taller = {ref.data - kAbove * ref.stride, ref.stride, width, height + kTaps - 1};
    HorizontalRows<kTaps>(d, filter_x, taller, shift, rows);
    VerticalRows<kTaps>(d, filter_y, {rows + kAbove * kMaxBlock, kMaxBlock, width, height}, 6, out);
  }
}

template <int kTaps>
HWY_INLINE void Interpolate(const FilterInput& in, const int8_t* filter_x, const int8_t* filter_y,
                            int width, int height, int16_t* out) {
  if (width >= 16) {
    InterpolateWith<kTaps>(HWY_CAPPED(int16_t, 16)(), in, filter_x, filter_y, width, height, out);
  } else {
    InterpolateWith<kTaps>(HWY_CAPPED(int16_t, 8)(), in, filter_x, filter_y, width, height, out);
  }
}

void Luma(const FilterInput& in, int width, int height, int16_t* out) {
  Interpolate<kLumaTaps>(in, kLumaFilter[in.fx], kLumaFilter[in.fy], width, height, out);
}

void Chroma(const FilterInput& in, int width, int height, int16_t* out) {
  Interpolate<kChromaTaps>(in, kChromaFilter[in.fx], kChromaFilter[in.fy], width, height, out);
}

template <class D16>
HWY_INLINE hn::Vec<D16> ClampToPrediction(D16 d, hn::Vec<D16> v) {
  return hn::Min(hn::Max(v, hn::Zero(d)), hn::Set(d, static_cast<int16_t>((1 << kSampleBits) - 1)));
}

template <class D16>
HWY_INLINE void OneVector(D16 d, const int16_t* p, uint16_t* out) {
  const auto v = hn::SaturatedAdd(hn::LoadU(d, p), hn::Set(d, int16_t{2}));
  hn::StoreU(ClampToPrediction(d, hn::ShiftRight<2>(v)), d, reinterpret_cast<int16_t*>(out));
}

template <class D16>
HWY_INLINE void TwoVectors(D16 d, const int16_t* p0, const int16_t* p1, uint16_t* out,
                           uint16_t* difference) {
  const auto a = hn::LoadU(d, p0);
  const auto b = hn::LoadU(d, p1);
  const auto sum = hn::SaturatedAdd(hn::SaturatedAdd(a, b), hn::Set(d, int16_t{4}));
  const auto apart = hn::Max(hn::SaturatedSub(a, b), hn::SaturatedSub(b, a));
  const auto scaled = hn::ShiftRight<2>(hn::SaturatedAdd(apart, hn::Set(d, int16_t{2})));
  hn::StoreU(ClampToPrediction(d, hn::ShiftRight<3>(sum)), d, reinterpret_cast<int16_t*>(out));
  hn::StoreU(ClampToPrediction(d, scaled), d, reinterpret_cast<int16_t*>(difference));
}

// Calls body(d, x) for vectors d that cover [0, width) exactly; width % 4 == 0.
template <class Body>
HWY_INLINE void ForColumns(int width, const Body& body) {
  const HWY_CAPPED(int16_t, 16) d16;
  const HWY_CAPPED(int16_t, 8) d8;
  const HWY_CAPPED(int16_t, 4) d4;
  int x = 0;
  for (; x + static_cast<int>(hn::Lanes(d16)) <= width; x += hn::Lanes(d16)) body(d16, x);
  for (; x + static_cast<int>(hn::Lanes(d8)) <= width; x += hn::Lanes(d8)) body(d8, x);
  for (; x < width; x += hn::Lanes(d4)) body(d4, x);
}

void One(const int16_t* p, int width, int height, uint16_t* out, ptrdiff_t out_stride) {
  for (int y = 0; y < height; ++y) {
    ForColumns(width, [&](auto d, int x) {
      OneVector(d, p + y * kMaxBlock + x, out + y * out_stride + x);
    });
  }
}

void Two(const int16_t* p0, const int16_t* p1, int width, int height, uint16_t* out,
         uint16_t* difference, ptrdiff_t out_stride) {
  for (int y = 0; y < height; ++y) {
    ForColumns(width, [&](auto d, int x) {
      TwoVectors(d, p0 + y * kMaxBlock + x, p1 + y * kMaxBlock + x, out + y * out_stride + x,
                 difference + y * out_stride + x);
    });
  }
}

// (b - a) * weight is at most 4095 * 7 and fits int16.
template <class D16>
HWY_INLINE void BlendVector(D16 d, const uint16_t* b, hn::Vec<D16> weight, uint16_t* out) {
  const auto va = hn::LoadU(d, reinterpret_cast<const int16_t*>(out));
  const auto vb = hn::LoadU(d, reinterpret_cast<const int16_t*>(b));
  const auto product = hn::Add(hn::Mul(hn::Sub(vb, va), weight), hn::Set(d, int16_t{8}));
  hn::StoreU(hn::Add(va, hn::ShiftRight<4>(product)), d, reinterpret_cast<int16_t*>(out));
}

void BlendKernel(const uint16_t* b, const int16_t* weights, bool across, int width, int height,
                 uint16_t* out, ptrdiff_t out_stride) {
  for (int y = 0; y < height; ++y) {
    ForColumns(width, [&](auto d, int x) {
      const auto weight = across ? hn::LoadU(d, weights + x) : hn::Set(d, weights[y]);
      BlendVector(d, b + y * kMaxBlock + x, weight, out + y * out_stride + x);
    });
  }
}

#endif  // HWY_TARGET

}  // namespace HWY_NAMESPACE
}  // namespace furl::motion
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace furl::motion {

HWY_EXPORT(Luma);
HWY_EXPORT(Chroma);
HWY_EXPORT(One);
HWY_EXPORT(Two);
HWY_EXPORT(BlendKernel);

void InterpolateLuma(const FilterInput& in, int width, int height, int16_t* out) {
  HWY_DYNAMIC_DISPATCH(Luma)(in, width, height, out);
}

void InterpolateChroma(const FilterInput& in, int width, int height, int16_t* out) {
  HWY_DYNAMIC_DISPATCH(Chroma)(in, width, height, out);
}

void FinishOne(const int16_t* p, int width, int height, uint16_t* out, ptrdiff_t out_stride) {
  HWY_DYNAMIC_DISPATCH(One)(p, width, height, out, out_stride);
}

void FinishTwo(const int16_t* p0, const int16_t* p1, int width, int height, uint16_t* out,
               uint16_t* difference, ptrdiff_t out_stride) {
  HWY_DYNAMIC_DISPATCH(Two)(p0, p1, width, height, out, difference, out_stride);
}

void Blend(const uint16_t* b, const int16_t* weights, bool across, int width, int height,
           uint16_t* out, ptrdiff_t out_stride) {
  HWY_DYNAMIC_DISPATCH(BlendKernel)(b, weights, across, width, height, out, out_stride);
}

}  // namespace furl::motion
#endif  // HWY_ONCE
