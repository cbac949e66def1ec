// The definitions.

#include "filter/cell_classes.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked_math.h"

namespace furl::filter {
namespace {

// |2 R(x, y) - R(x-dx, y-dy) - R(x+dx, y+dy)| over the four samples of a cell.
int SecondDifference(const uint16_t* cell, ptrdiff_t stride, ptrdiff_t step) {
  int sum = 0;
  for (const uint16_t* s : {cell, cell + 1, cell + stride, cell + stride + 1}) {
    sum += std::abs(2 * s[0] - s[-step] - s[step]);
  }
  return sum;
}

int Residual(const uint16_t* cell, ptrdiff_t stride, const uint16_t* predicted,
             ptrdiff_t predicted_stride) {
  int sum = 0;
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 2; ++x) {
      sum += std::abs(cell[y * stride + x] - predicted[y * predicted_stride + x]);
    }
  }
  return sum;
}

// One channel summed over the 3x3 cells around x.
int Around(const std::array<CellRow, 3>& sums, int channel, int x) {
  int sum = 0;
  for (const CellRow& row : sums) {
    for (int i = x - 1; i <= x + 1; ++i) sum += row.sums[channel][i];
  }
  return sum;
}

int Direction(int v, int h, int a, int b) {
  int large = std::max(v, h);
  int small = std::min(v, h);
  const int large_diagonal = std::max(a, b);
  const int small_diagonal = std::min(a, b);
  // At most (9 * 4095)^2, which fits.
  const bool diagonal = large_diagonal * small > large * small_diagonal;
  if (diagonal) {
    large = large_diagonal;
    small = small_diagonal;
  }
  const int strength = (large > 2 * small) + (2 * large > 9 * small);
  if (strength == 0) return 0;
  const bool side = diagonal ? a > b : v > h;
  return strength + 4 * diagonal + 2 * side;
}

int FilterSample(const uint16_t* s, ptrdiff_t stride, const ClassTaps& taps, int bit_depth) {
  int sum = s[0] * 4096 + (1 << (23 - bit_depth));
  for (int k = 0; k < kTaps; ++k) {
    const ptrdiff_t offset = kTapOffsets[k][0] + kTapOffsets[k][1] * stride;
    sum += taps.pairs[k / 2 * 4 + k % 2] * (s[offset] + s[-offset] - 2 * s[0]);
  }
  return Clamp(sum >> (24 - bit_depth), 0, (1 << bit_depth) - 1);
}

}  // namespace

void SumCellsScalar(const RowPair& rows, const RowPair& predicted, int cells, const CellRow& out) {
  const ptrdiff_t stride = rows.stride;
  const ptrdiff_t steps[4] = {stride, 1, stride + 1, stride - 1};
  for (int c = 0; c < cells; ++c) {
    const uint16_t* cell = rows.center + 2 * c;
    for (int i = 0; i < 4; ++i) {
      out.sums[i][c] = static_cast<uint16_t>(SecondDifference(cell, stride, steps[i]) >> 3);
    }
    const int residual = predicted.center == nullptr
                             ? 0
                             : Residual(cell, stride, predicted.center + 2 * c, predicted.stride);
    out.sums[4][c] = static_cast<uint16_t>(residual >> 3);
  }
  for (uint16_t* sums : out.sums) {
    sums[-1] = sums[0];
    sums[cells] = sums[cells - 1];
  }
}

void ClassifyCellsScalar(const std::array<CellRow, 3>& sums, const CellRule& rule, int first,
                         int last, uint16_t* classes) {
  for (int x = first; x < last; ++x) {
    const int v = Around(sums, 0, x);
    const int h = Around(sums, 1, x);
    const int e = Around(sums, 4, x);
    int activity = 0;
    for (int i = 0; i < kActivities - 1; ++i) activity += v + h >= rule.thresholds[i];
    const int residual = (e >= rule.thresholds[7]) + (e >= rule.thresholds[8]);
    const int direction = Direction(v, h, Around(sums, 2, x), Around(sums, 3, x));
    classes[x] = static_cast<uint16_t>(
        rule.first_class + (residual * kDirections + direction) * kActivities + activity);
  }
}

void FilterRowsScalar(const RowPair& rows, const uint16_t* classes, const ClassTaps* taps,
                      int cells, const FilteredRows& out) {
  for (int y = 0; y < 2; ++y) {
    if (out.out[y] == nullptr) continue;
    const uint16_t* from = rows.center + y * rows.stride;
    for (int x = 0; x < 2 * cells; ++x) {
      out.out[y][x] = static_cast<uint16_t>(
          FilterSample(from + x, rows.stride, taps[classes[x / 2]], out.bit_depth));
    }
  }
}

}  // namespace furl::filter
