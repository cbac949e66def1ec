#include "motion/compensate.h"

#include <algorithm>

#include "base/checked_math.h"
#include "motion/interpolate.h"

namespace furl::motion {
namespace {

// Both sets of kernels have the same shape; see interpolate.h.
struct Kernels {
  void (*luma)(const FilterInput&, int, int, int16_t*);
  void (*chroma)(const FilterInput&, int, int, int16_t*);
  void (*one)(const int16_t*, int, int, uint16_t*, ptrdiff_t);
  void (*two)(const int16_t*, const int16_t*, int, int, uint16_t*, uint16_t*, ptrdiff_t);
};

constexpr Kernels kScalar = {InterpolateLumaScalar, InterpolateChromaScalar, FinishOneScalar,
                             FinishTwoScalar};
constexpr Kernels kSimd = {InterpolateLuma, InterpolateChroma, FinishOne, FinishTwo};

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

void PredictPlane(const Kernels& k, const BlockMotion& block, std::span<const Frame* const> refs,
                  int p, const Rect& rect, PredictionPlanes* out) {
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
  const Plane pred = out->pred(p);
  const Plane difference = out->difference(p);
  uint16_t* target = pred.row(rect.y) + rect.x;
  uint16_t* apart = difference.row(rect.y) + rect.x;
  if (block.refs == 3) {
    k.two(samples[0], samples[1], rect.width, rect.height, target, apart, pred.stride);
    return;
  }
  k.one(samples[block.refs - 1], rect.width, rect.height, target, pred.stride);
  for (int y = 0; y < rect.height; ++y) std::fill_n(apart + y * difference.stride, rect.width, 0);
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
    plane.stride = RoundUp(plane.width, 32);
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

Status Compensate(const MotionField& field, std::span<const Frame* const> refs,
                  PredictionPlanes* out, ThreadPool* pool) {
  return Run(kSimd, field, refs, out, pool);
}

Status CompensateScalar(const MotionField& field, std::span<const Frame* const> refs,
                        PredictionPlanes* out) {
  return Run(kScalar, field, refs, out, nullptr);
}

}  // namespace furl::motion
