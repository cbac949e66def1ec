// The kernels for every SIMD target, equal to the definitions bit for bit: no sum
// leaves its type (12-bit samples, taps below 2^13 after the strength).

// Arrays of vectors and blocks of 128 bits rule out SVE; its CPUs run NEON.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "filter/cell_classes_simd.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
// Must come after foreach_target.
#include "base/pair_products-inl.h"
#include "filter/cell_classes.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace furl::filter {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR  // no vectors of more than one lane: the definition itself

void Sum(const RowPair& rows, const RowPair& predicted, int cells, const CellRow& out) {
  SumCellsScalar(rows, predicted, cells, out);
}

void Classify(const std::array<CellRow, 3>& sums, const CellRule& rule, int first, int last,
              uint16_t* classes) {
  ClassifyCellsScalar(sums, rule, first, last, classes);
}

void Filter(const RowPair& rows, const uint16_t* classes, const ClassTaps* taps, int cells,
            const FilteredRows& out) {
  FilterRowsScalar(rows, classes, taps, cells, out);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

// As many cells at a time as padding allows.
using D16 = HWY_CAPPED(int16_t, kCellVector);
using V16 = hn::Vec<D16>;

// The samples of a row around a vector of cells: of each cell the column before it, its own
// two, and the one after.
struct Columns {
  HWY_INLINE explicit Columns(const uint16_t* cell) {
    const D16 d;
    const int16_t* s = reinterpret_cast<const int16_t*>(cell);
    hn::LoadInterleaved2(d, s - 1, before, left);
    hn::LoadInterleaved2(d, s + 1, right, after);
  }
  V16 before, left, right, after;
};

// sum + |2 center - a - b|
HWY_INLINE V16 AddSecondDifference(V16 sum, V16 center, V16 a, V16 b) {
  const auto twice = hn::Add(center, center);
  return hn::Add(sum, hn::Abs(hn::Sub(twice, hn::Add(a, b))));
}

HWY_INLINE void StoreSums(V16 sum, uint16_t* out) {
  const D16 d;
  hn::StoreU(hn::ShiftRight<3>(sum), d, reinterpret_cast<int16_t*>(out));
}

HWY_INLINE V16 ResidualOfRow(V16 sum, const Columns& row, const uint16_t* predicted) {
  const D16 d;
  V16 left, right;
  hn::LoadInterleaved2(d, reinterpret_cast<const int16_t*>(predicted), left, right);
  return hn::Add(sum,
                 hn::Add(hn::Abs(hn::Sub(row.left, left)), hn::Abs(hn::Sub(row.right, right))));
}

void Sum(const RowPair& rows, const RowPair& predicted, int cells, const CellRow& out) {
  const D16 d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const auto zero = hn::Zero(d);
  for (int c = 0; c < cells; c += lanes) {
    const uint16_t* cell = rows.center + 2 * c;
    const Columns r0(cell - rows.stride), r1(cell), r2(cell + rows.stride),
        r3(cell + 2 * rows.stride);
    auto v = AddSecondDifference(zero, r1.left, r0.left, r2.left);
    v = AddSecondDifference(v, r1.right, r0.right, r2.right);
    v = AddSecondDifference(v, r2.left, r1.left, r3.left);
    StoreSums(AddSecondDifference(v, r2.right, r1.right, r3.right), out.sums[0] + c);
    auto h = AddSecondDifference(zero, r1.left, r1.before, r1.right);
    h = AddSecondDifference(h, r1.right, r1.left, r1.after);
    h = AddSecondDifference(h, r2.left, r2.before, r2.right);
    StoreSums(AddSecondDifference(h, r2.right, r2.left, r2.after), out.sums[1] + c);
    auto a = AddSecondDifference(zero, r1.left, r0.before, r2.right);
    a = AddSecondDifference(a, r1.right, r0.left, r2.after);
    a = AddSecondDifference(a, r2.left, r1.before, r3.right);
    StoreSums(AddSecondDifference(a, r2.right, r1.left, r3.after), out.sums[2] + c);
    auto b = AddSecondDifference(zero, r1.left, r0.right, r2.before);
    b = AddSecondDifference(b, r1.right, r0.after, r2.left);
    b = AddSecondDifference(b, r2.left, r1.right, r3.before);
    StoreSums(AddSecondDifference(b, r2.right, r1.after, r3.left), out.sums[3] + c);
    auto e = zero;
    if (predicted.center != nullptr) {
      const uint16_t* p = predicted.center + 2 * c;
      e = ResidualOfRow(ResidualOfRow(zero, r1, p), r2, p + predicted.stride);
    }
    StoreSums(e, out.sums[4] + c);
  }
  for (uint16_t* sums : out.sums) {
    sums[-1] = sums[0];
    sums[cells] = sums[cells - 1];
  }
}

using D32 = HWY_CAPPED(int32_t, kCellVector);
using V32 = hn::Vec<D32>;

HWY_INLINE V32 Around(const std::array<CellRow, 3>& sums, int channel, int x) {
  const D32 d;
  const hn::Rebind<uint16_t, D32> d16;
  auto sum = hn::Zero(d16);  // at most 9 * 4095
  for (const CellRow& row : sums) {
    const uint16_t* s = row.sums[channel] + x;
    sum = hn::Add(
        sum, hn::Add(hn::LoadU(d16, s - 1), hn::Add(hn::LoadU(d16, s), hn::LoadU(d16, s + 1))));
  }
  return hn::PromoteTo(d, sum);
}

// 1 where a >= b.
HWY_INLINE V32 Reaches(V32 a, int32_t b) {
  const D32 d;
  return hn::IfThenElseZero(hn::Gt(a, hn::Set(d, b - 1)), hn::Set(d, 1));
}

HWY_INLINE V32 Direction(V32 v, V32 h, V32 a, V32 b) {
  const D32 d;
  const auto large_diagonal = hn::Max(a, b);
  const auto small_diagonal = hn::Min(a, b);
  auto large = hn::Max(v, h);
  auto small = hn::Min(v, h);
  const auto diagonal = hn::Gt(hn::Mul(large_diagonal, small), hn::Mul(large, small_diagonal));
  large = hn::IfThenElse(diagonal, large_diagonal, large);
  small = hn::IfThenElse(diagonal, small_diagonal, small);
  const auto one = hn::Set(d, 1);
  const auto weak = hn::Gt(large, hn::Add(small, small));
  const auto strong = hn::Gt(hn::Add(large, large), hn::Add(hn::ShiftLeft<3>(small), small));
  const auto first = hn::IfThenElse(diagonal, a, v);
  const auto second = hn::IfThenElse(diagonal, b, h);
  auto direction = hn::Add(one, hn::IfThenElseZero(strong, one));
  direction = hn::Add(direction, hn::IfThenElseZero(diagonal, hn::Set(d, 4)));
  direction = hn::Add(direction, hn::IfThenElseZero(hn::Gt(first, second), hn::Set(d, 2)));
  return hn::IfThenElseZero(weak, direction);
}

void Classify(const std::array<CellRow, 3>& sums, const CellRule& rule, int first, int last,
              uint16_t* classes) {
  const D32 d;
  const hn::Rebind<uint16_t, D32> d16;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int x = first; x < last; x += lanes) {
    const auto v = Around(sums, 0, x);
    const auto h = Around(sums, 1, x);
    const auto e = Around(sums, 4, x);
    auto activity = hn::Set(d, rule.first_class);
    for (int i = 0; i < kActivities - 1; ++i) {
      activity = hn::Add(activity, Reaches(hn::Add(v, h), rule.thresholds[i]));
    }
    const auto residual = hn::Add(Reaches(e, rule.thresholds[7]), Reaches(e, rule.thresholds[8]));
    const auto direction = Direction(v, h, Around(sums, 2, x), Around(sums, 3, x));
    const auto rest = hn::Add(hn::Mul(residual, hn::Set(d, kDirections)), direction);
    const auto result = hn::Add(hn::ShiftLeft<3>(rest), activity);
    hn::StoreU(hn::DemoteTo(d16, result), d16, classes + x);
  }
}

// Four cells, eight samples, in vectors of 128 bits.
using D8 = hn::FixedTag<int16_t, 8>;
using V8 = hn::Vec<D8>;
using V4 = hn::Vec<hn::FixedTag<int32_t, 4> >;

// Pairs of taps for the lower and upper four samples.
struct TapVectors {
  HWY_INLINE TapVectors(const uint16_t* classes, const ClassTaps* taps) {
    Pairs(taps[classes[0]], taps[classes[1]], lower);
    Pairs(taps[classes[2]], taps[classes[3]], upper);
  }
  V8 lower[3], upper[3];

 private:
  static HWY_INLINE void Pairs(const ClassTaps& left, const ClassTaps& right, V8* out) {
    const D8 d;
    const hn::FixedTag<int64_t, 2> d64;
    const auto l01 = hn::BitCast(d64, hn::LoadU(d, left.pairs));
    const auto r01 = hn::BitCast(d64, hn::LoadU(d, right.pairs));
    const auto l2 = hn::BitCast(d64, hn::LoadU(d, left.pairs + 8));
    const auto r2 = hn::BitCast(d64, hn::LoadU(d, right.pairs + 8));
    out[0] = hn::BitCast(d, hn::InterleaveLower(d64, l01, r01));
    out[1] = hn::BitCast(d, hn::InterleaveUpper(d64, l01, r01));
    out[2] = hn::BitCast(d, hn::InterleaveLower(d64, l2, r2));
  }
};

// R(x+dx, y+dy) + R(x-dx, y-dy) - 2 R(x, y)
HWY_INLINE V8 TapInput(const int16_t* s, ptrdiff_t offset, V8 twice) {
  const D8 d;
  return hn::Sub(hn::Add(hn::LoadU(d, s + offset), hn::LoadU(d, s - offset)), twice);
}

HWY_INLINE void FilterEight(const uint16_t* from, const ptrdiff_t* offsets, const TapVectors& taps,
                            int bit_depth, uint16_t* out) {
  const D8 d;
  const hn::FixedTag<int32_t, 4> d32;
  const int16_t* s = reinterpret_cast<const int16_t*>(from);
  const auto center = hn::LoadU(d, s);
  const auto twice = hn::Add(center, center);
  const auto zero = hn::Zero(d);
  const auto half = hn::Set(d32, 1 << (23 - bit_depth));
  const auto wide = [&](V8 v) { return hn::Add(hn::ShiftLeft<12>(hn::BitCast(d32, v)), half); };
  V4 low = wide(hn::InterleaveLower(d, center, zero));
  V4 high = wide(hn::InterleaveUpper(d, center, zero));
  for (int pair = 0; pair < 3; ++pair) {
    const auto a = TapInput(s, offsets[2 * pair], twice);
    const auto b = TapInput(s, offsets[2 * pair + 1], twice);
    low = furl::HWY_NAMESPACE::AddPairProducts(hn::InterleaveLower(d, a, b), taps.lower[pair], low);
    high =
        furl::HWY_NAMESPACE::AddPairProducts(hn::InterleaveUpper(d, a, b), taps.upper[pair], high);
  }
  const int shift = 24 - bit_depth;
  const auto result =
      hn::ReorderDemote2To(d, hn::ShiftRightSame(low, shift), hn::ShiftRightSame(high, shift));
  const auto most = hn::Set(d, static_cast<int16_t>((1 << bit_depth) - 1));
  hn::StoreU(hn::Min(hn::Max(result, zero), most), d, reinterpret_cast<int16_t*>(out));
}

void Filter(const RowPair& rows, const uint16_t* classes, const ClassTaps* taps, int cells,
            const FilteredRows& out) {
  ptrdiff_t offsets[kTaps];
  for (int k = 0; k < kTaps; ++k) {
    offsets[k] = kTapOffsets[k][0] + kTapOffsets[k][1] * rows.stride;
  }
  for (int c = 0; c < cells; c += 4) {
    const TapVectors vectors(classes + c, taps);
    for (int y = 0; y < 2; ++y) {
      if (out.out[y] == nullptr) continue;
      FilterEight(rows.center + y * rows.stride + 2 * c, offsets, vectors, out.bit_depth,
                  out.out[y] + 2 * c);
    }
  }
}

#endif  // HWY_TARGET

}  // namespace HWY_NAMESPACE
}  // namespace furl::filter
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace furl::filter {

HWY_EXPORT(Sum);
HWY_EXPORT(Classify);
HWY_EXPORT(Filter);

void SumCells(const RowPair& rows, const RowPair& predicted, int cells, const CellRow& out) {
  HWY_DYNAMIC_DISPATCH(Sum)(rows, predicted, cells, out);
}

void ClassifyCells(const std::array<CellRow, 3>& sums, const CellRule& rule, int first, int last,
                   uint16_t* classes) {
  HWY_DYNAMIC_DISPATCH(Classify)(sums, rule, first, last, classes);
}

void FilterRows(const RowPair& rows, const uint16_t* classes, const ClassTaps* taps, int cells,
                const FilteredRows& out) {
  HWY_DYNAMIC_DISPATCH(Filter)(rows, classes, taps, cells, out);
}

}  // namespace furl::filter
#endif  // HWY_ONCE
