#include "motion/compensate.h"

#include <algorithm>

#include "base/checked_math.h"
#include "motion/interpolate.h"

namespace furl::motion {
namespace {

constexpr int kStrideAlignment = 32;  // samples

// Both sets of kernels have the same shape; see interpolate.h.
struct Kernels {
  void (*luma)(const FilterInput&, int, int, int16_t*);
  void (*chroma)(const FilterInput&, int, int, int16_t*);
  void (*one)(const int16_t*, int, int, uint16_t*, ptrdiff_t);
  void (*two)(const int16_t*, const int16_t*, int, int, uint16_t*, uint16_t*, ptrdiff_t);
  void (*blend)(const uint16_t*, const int16_t*, bool, int, int, uint16_t*, ptrdiff_t);
};

constexpr Kernels kScalar = {InterpolateLumaScalar, InterpolateChromaScalar, FinishOneScalar,
                             FinishTwoScalar, BlendScalar};
constexpr Kernels kSimd = {InterpolateLuma, InterpolateChroma, FinishOne, FinishTwo, Blend};

struct Rect {
  int x, y, width, height;  // samples of the plane at hand
};

// Whole and fractional part of a position; `bits` fractional bits. Positions
// further outside than any filter reaches read only continued edge samples,
// all alike, so they are pulled in to where the border still has them.
struct Position {
  Position(int block, int vector, int bits, int block_size, int picture_size, int reach)
      : whole(Clamp(block + (vector >> bits), -block_size - reach, picture_size + reach)),
        fraction(vector & ((1 << bits) - 1)) {}
  int whole;
  int fraction;
};

// The prediction of a rectangle of plane `p` by a motion. `difference` has the
// stride of `out`.
void PredictRect(const Kernels& k, const BlockMotion& block, std::span<const Frame* const> refs,
                 int p, const Rect& rect, uint16_t* out, uint16_t* difference, ptrdiff_t stride) {
  alignas(64) int16_t samples[kMaxReferences][kMaxBlock * kMaxBlock];
  const int bits = p == 0 ? 2 : 3;
  const int reach = p == 0 ? kLumaTaps : kChromaTaps;
  for (int r = 0; r < kMaxReferences; ++r) {
    if (!block.uses(r)) continue;
    const ConstPlane plane = refs[r]->plane(p);
    const Position x(rect.x, block.mv[r].x, bits, rect.width, plane.width, reach);
    const Position y(rect.y, block.mv[r].y, bits, rect.height, plane.height, reach);
    const FilterInput in = {plane.row(y.whole) + x.whole, plane.stride, refs[r]->bit_depth(),
                            x.fraction, y.fraction};
    (p == 0 ? k.luma : k.chroma)(in, rect.width, rect.height, samples[r]);
  }
  if (block.refs == 3) {
    k.two(samples[0], samples[1], rect.width, rect.height, out, difference, stride);
    return;
  }
  k.one(samples[block.refs - 1], rect.width, rect.height, out, stride);
  for (int y = 0; y < rect.height; ++y) std::fill_n(difference + y * stride, rect.width, 0);
}

void PredictPlane(const Kernels& k, const BlockMotion& block, std::span<const Frame* const> refs,
                  int p, const Rect& rect, PredictionPlanes* out) {
  const Plane pred = out->pred(p);
  PredictRect(k, block, refs, p, rect, pred.row(rect.y) + rect.x,
              out->difference(p).row(rect.y) + rect.x, pred.stride);
}

void PredictBlock(const Kernels& k, const MotionField& field, int col, int row,
                  std::span<const Frame* const> refs, PredictionPlanes* out) {
  const BlockMotion& block = field.at(col, row);
  const int size = 1 << block.size_log2;
  Rect luma = {col << kCellLog2, row << kCellLog2, 0, 0};
  luma.width = std::min(size, field.padded_width() - luma.x);
  luma.height = std::min(size, field.padded_height() - luma.y);
  const Rect chroma = {luma.x / 2, luma.y / 2, luma.width / 2, luma.height / 2};
  PredictPlane(k, block, refs, 0, luma, out);
  PredictPlane(k, block, refs, 1, chroma, out);
  PredictPlane(k, block, refs, 2, chroma, out);
}

// Weights of the neighbour's prediction, in sixteenths, from the border inwards.
// For the two sides of a cell: from its first sample and up to its last.
// The rows blended at horizontal borders are those with weights other than 0.
constexpr int kWeights = 4;
constexpr int16_t kLumaWeights[2][kWeights] = {{5, 3, 1, 0}, {0, 1, 3, 5}};
constexpr int16_t kChromaWeights[2][kWeights] = {{5, 1, 0, 0}, {0, 0, 1, 5}};
constexpr int kLumaRows = 3;
constexpr int kChromaRows = 2;

// A run of cells that see the same, for them foreign, motion beyond one side.
struct Border {
  int col, row;   // first cell
  int cells;      // to the right (horizontal border) or down (vertical border)
  bool vertical;  // of the cells' left or right side, not top or bottom
  bool far_side;  // right or bottom, not left or top
};

void BlendBorder(const Kernels& k, const BlockMotion& foreign, const Border& border,
                 std::span<const Frame* const> refs, PredictionPlanes* out) {
  uint16_t other[kMaxBlock * kMaxBlock];
  uint16_t unused[kMaxBlock * kMaxBlock];
  for (int p = 0; p < 3; ++p) {
    const int cell = p == 0 ? 8 : 4;
    const int rows = p == 0 ? kLumaRows : kChromaRows;
    const int depth = border.vertical ? kWeights : rows;  // kernels need 4 columns
    const int16_t* weights = (p == 0 ? kLumaWeights : kChromaWeights)[border.far_side];
    if (border.far_side) weights += kWeights - depth;
    const int inset = border.far_side ? cell - depth : 0;
    Rect rect = {border.col * cell, border.row * cell, border.cells * cell, depth};
    if (border.vertical) std::swap(rect.width, rect.height);
    (border.vertical ? rect.x : rect.y) += inset;
    PredictRect(k, foreign, refs, p, rect, other, unused, kMaxBlock);
    const Plane pred = out->pred(p);
    k.blend(other, weights, border.vertical, rect.width, rect.height, pred.row(rect.y) + rect.x,
            pred.stride);
  }
}

// Blends over one side of the cells of a row or column: those at `first` and
// `count` - 1 further ones (along the border), in runs.
void BlendLine(const Kernels& k, const MotionField& field, const Border& first, int count,
               std::span<const Frame* const> refs, PredictionPlanes* out) {
  const int step_col = first.vertical ? 0 : 1;
  const int step_row = first.vertical ? 1 : 0;
  const int beyond = first.far_side ? 1 : -1;
  const auto own = [&](int i) -> const BlockMotion& {
    return field.at(first.col + i * step_col, first.row + i * step_row);
  };
  const auto foreign = [&](int i) -> const BlockMotion& {
    return field.at(first.col + i * step_col + beyond * step_row,
                    first.row + i * step_row + beyond * step_col);
  };
  for (int i = 0; i < count;) {
    if (own(i).SameMotion(foreign(i))) {
      ++i;
      continue;
    }
    const int start = i;
    for (++i; i < count && i - start < kMaxBlock >> kCellLog2; ++i) {
      if (!foreign(i).SameMotion(foreign(start)) || own(i).SameMotion(foreign(i))) break;
    }
    Border run = first;
    run.col += start * step_col;
    run.row += start * step_row;
    run.cells = i - start;
    BlendBorder(k, foreign(start), run, refs, out);
  }
}

// All borders of the cells of rows [begin, end).
void OverlapRows(const Kernels& k, const MotionField& field, int begin, int end,
                 std::span<const Frame* const> refs, PredictionPlanes* out) {
  for (int row = begin; row < end; ++row) {
    if (row > 0) BlendLine(k, field, {0, row, 0, false, false}, field.cols(), refs, out);
    if (row + 1 < field.rows()) {
      BlendLine(k, field, {0, row, 0, false, true}, field.cols(), refs, out);
    }
  }
  for (int col = 0; col < field.cols(); ++col) {
    if (col > 0) BlendLine(k, field, {col, begin, 0, true, false}, end - begin, refs, out);
    if (col + 1 < field.cols()) {
      BlendLine(k, field, {col, begin, 0, true, true}, end - begin, refs, out);
    }
  }
}

Status CheckArguments(const MotionField& field, std::span<const Frame* const> refs,
                      const PredictionPlanes& out) {
  if (refs.empty() || refs.size() > kMaxReferences) {
    return InvalidArgument("motion compensation needs 1 or 2 references");
  }
  for (const Frame* ref : refs) {
    if (RoundUp(ref->width(), kPadding) != field.padded_width() ||
        RoundUp(ref->height(), kPadding) != field.padded_height() ||
        ref->width() != refs[0]->width() || ref->height() != refs[0]->height() ||
        ref->bit_depth() != refs[0]->bit_depth() || ref->border() < kReferenceBorder) {
      return InvalidArgument("reference does not fit the motion field");
    }
  }
  if (out.pred(0).width != field.padded_width() || out.pred(0).height != field.padded_height()) {
    return InvalidArgument("prediction planes do not fit the motion field");
  }
  const int known = (1 << refs.size()) - 1;
  for (int row = 0; row < field.rows(); ++row) {
    for (int col = 0; col < field.cols(); ++col) {
      const int used = field.at(col, row).refs;
      if (used == 0 || (used & ~known) != 0)
        return InvalidArgument("field uses a missing reference");
    }
  }
  return OkStatus();
}

void PredictRootRow(const Kernels& k, const MotionField& field, int root_row,
                    std::span<const Frame* const> refs, PredictionPlanes* out) {
  constexpr int kRootCells = 1 << (kRootLog2 - kCellLog2);
  const int end = std::min((root_row + 1) * kRootCells, field.rows());
  for (int row = root_row * kRootCells; row < end; ++row) {
    for (int col = 0; col < field.cols(); ++col) {
      if (field.IsBlockOrigin(col, row)) PredictBlock(k, field, col, row, refs, out);
    }
  }
  if (field.overlap) OverlapRows(k, field, root_row * kRootCells, end, refs, out);
}

Status Run(const Kernels& k, const MotionField& field, std::span<const Frame* const> refs,
           PredictionPlanes* out, ThreadPool* pool) {
  FURL_RETURN_IF_ERROR(CheckArguments(field, refs, *out));
  ParallelFor(pool, CeilDiv(field.padded_height(), 1 << kRootLog2),
              [&](int row) { PredictRootRow(k, field, row, refs, out); });
  return OkStatus();
}

}  // namespace

Result<PredictionPlanes> PredictionPlanes::Create(int width, int height) {
  if (width < 1 || height < 1) return InvalidArgument("prediction of an empty picture");
  if (width > 16384 || height > 16384) return LimitExceeded("frame side above 16384");
  PredictionPlanes planes;
  const int padded_width = RoundUp(width, kPadding);
  const int padded_height = RoundUp(height, kPadding);
  size_t offset[3];
  size_t total = 0;
  for (int p = 0; p < 3; ++p) {
    Plane& plane = planes.pred_[p];
    plane.width = PlaneWidth(padded_width, p);
    plane.height = PlaneHeight(padded_height, p);
    plane.stride = RoundUp(plane.width, kStrideAlignment);
    offset[p] = total;
    total += static_cast<size_t>(plane.stride) * plane.height;
  }
  FURL_RETURN_IF_ERROR(planes.storage_.Resize(2 * total));
  for (int p = 0; p < 3; ++p) {
    planes.pred_[p].data = planes.storage_.data() + offset[p];
    planes.difference_[p] = planes.pred_[p];
    planes.difference_[p].data += total;
  }
  return planes;
}

size_t PredictionPlanes::BytesOf(int width, int height) {
  const size_t luma = static_cast<size_t>(RoundUp(RoundUp(width, kPadding), kStrideAlignment)) *
                      RoundUp(height, kPadding);
  return 2 * sizeof(uint16_t) * (luma + luma);  // chroma's rows are rounded up: less than luma's
}

Status Compensate(const MotionField& field, std::span<const Frame* const> refs,
                  PredictionPlanes* out, ThreadPool* pool) {
  return Run(kSimd, field, refs, out, pool);
}

Status CompensateScalar(const MotionField& field, std::span<const Frame* const> refs,
                        PredictionPlanes* out) {
  return Run(kScalar, field, refs, out, nullptr);
}

}  // namespace furl::motion
