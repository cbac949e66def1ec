// The kernels of the loop filter (loop_filter.h has the definition): classes of
// cells, and filtering of two rows of samples by the classes of their cells. Each as
// a scalar definition and with SIMD, equal bit for bit.

#ifndef FURL_FILTER_CELL_CLASSES_H_
#define FURL_FILTER_CELL_CLASSES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "image/frame.h"

namespace furl::filter {

inline constexpr int kActivities = 8;
inline constexpr int kDirections = 9;
inline constexpr int kThresholds = 9;  // 7 of activity, 2 of the residual
inline constexpr int kTaps = 6;
// (dx, dy) of the sample of each tap above or left of the centre.
inline constexpr std::array<std::array<int, 2>, kTaps> kTapOffsets = {
    {{0, -2}, {-1, -1}, {0, -1}, {1, -1}, {-2, 0}, {-1, 0}}};

inline constexpr int kFilterBorder = 16;  // luma samples around what is filtered
inline constexpr int kCellVector = 8;     // buffers are padded to whole vectors of cells

// The sums of a row of cells, channels v, h, a, b, e. Entries -1 and `cells` repeat the
// outermost cells; kCellVector more may be read and written.
inline constexpr int kSums = 5;
struct CellRow {
  std::array<uint16_t*, kSums> sums;
};

// How cells of one QP are classified.
struct CellRule {
  std::array<int32_t, kThresholds> thresholds;
  int32_t first_class;
};

// A frame's taps times its strength, in the order that the kernel loads: pairs of taps
// (0,1) (2,3) (4,5), each twice, then 8 bytes unused.
struct alignas(32) ClassTaps {
  int16_t pairs[16];
};

// Where two rows of samples lie: `center` is the first sample of the upper one.
struct RowPair {
  const uint16_t* center;
  ptrdiff_t stride;
};

struct FilteredRows {
  uint16_t* out[2];  // the second is null below the last row of odd planes
  int bit_depth;
};

// v, h, a, b and e of `cells` cells and, repeated, of the two beside them. `predicted` has a
// null center where there is no prediction.
void SumCells(const RowPair& rows, const RowPair& predicted, int cells, const CellRow& out);
void SumCellsScalar(const RowPair& rows, const RowPair& predicted, int cells, const CellRow& out);

// Classes of cells first..last-1; above, row and below are the sums of three rows. May write
// up to kCellVector - 1 classes behind.
void ClassifyCells(const std::array<CellRow, 3>& sums, const CellRule& rule, int first, int last,
                   uint16_t* classes);
void ClassifyCellsScalar(const std::array<CellRow, 3>& sums, const CellRule& rule, int first,
                         int last, uint16_t* classes);

// Filters `cells` cells of two rows. May write up to 8 - 1 samples behind.
void FilterRows(const RowPair& rows, const uint16_t* classes, const ClassTaps* taps, int cells,
                const FilteredRows& out);
void FilterRowsScalar(const RowPair& rows, const uint16_t* classes, const ClassTaps* taps,
                      int cells, const FilteredRows& out);

}  // namespace furl::filter

#endif  // FURL_FILTER_CELL_CLASSES_H_
