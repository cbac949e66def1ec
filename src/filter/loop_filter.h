// LoopFilter: the last step from symbols to pictures. Small linear filters, chosen
// sample by sample from a trained set, take away what quantization added before
// the picture is shown and referred to.
//
// The idea is that of the adaptive loop filter of ITU-T H.266 (Tsai et al., "Adaptive
// Loop Filtering for Video Coding", 2013; Karczewicz et al., "VVC In-Loop Filters",
// 2021): classify by activity and direction, then filter with a symmetric diamond.
// Here classes are those of 2x2 cells, their activity counts in quantizer steps, what
// the residual changed is a third criterion, and filters come with the model instead
// of the stream; a frame only says how strongly to apply them.
//
// Definition (docs/numerics.md, "Loop filter"). Planes hold 12-bit samples R, read as
// if their edge samples went on; P is the prediction. Cells are 2x2 samples.
//
//   sums of a cell, over its four samples, each >> 3:
//     v  |2R(x,y) - R(x,y-1) - R(x,y+1)|          h  |2R(x,y) - R(x-1,y) - R(x+1,y)|
//     a  |2R(x,y) - R(x-1,y-1) - R(x+1,y+1)|      b  |2R(x,y) - R(x+1,y-1) - R(x-1,y+1)|
//     e  |R(x,y) - P(x,y)|, 0 without prediction
//   each summed over the 3x3 cells around; outside the plane the nearest cell counts
//   activity   A = thresholds 0..6 that v + h reaches                            0..7
//   residual   E = thresholds 7..8 that e reaches                                0..2
//   direction  D: let (m1, m0) be the larger and smaller of (v, h), (n1, n0) those of
//              (a, b); diagonal = n1 m0 > m1 n0 and then (m1, m0) = (n1, n0), side = a > b,
//              else side = v > h; s = (m1 > 2 m0) + (2 m1 > 9 m0);
//              D = 0 if s = 0, else s + 4 diagonal + 2 side                      0..8
//   taps       c = taps[bank of the QP][E][D][A]
//   sum        = strength * sum over k of c[k] (R(x+dx, y+dy) + R(x-dx, y-dy) - 2R(x,y)),
//              (dx, dy) of k = 0..5: (0,-2) (-1,-1) (0,-1) (1,-1) (-2,0) (-1,0)
//   output     clamp((4096 R(x,y) + sum + 2^(23-depth)) >> (24-depth), 0, 2^depth - 1)
//
// Thresholds and bank are those of the QP of the cell's 32x32 luma block.

#ifndef FURL_FILTER_LOOP_FILTER_H_
#define FURL_FILTER_LOOP_FILTER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "filter/cell_classes.h"
#include "image/coding_scales.h"
#include "image/frame.h"

namespace furl::filter {

// The trained part.
struct LoopFilterTables {
  int banks = 0;
  int residual_levels = 0;  // 3, or 1 where there is no prediction
  // [banks][residual_levels][9][8][6] in 1/1024, for luma and for chroma.
  std::array<std::vector<int16_t>, 2> taps;
  std::vector<uint8_t> bank_of_qp;   // [kNumQps], below `banks`
  std::vector<uint16_t> thresholds;  // [kNumQps][9]

  int classes() const { return banks * residual_levels * kDirections * kActivities; }
};

// What is filtered.
struct LoopFilterInput {
  // 12-bit samples with a border of kFilterBorder, extended.
  const Frame* decoded = nullptr;
  // 12-bit prediction, over a picture padded to 16; null where there is none.
  const std::array<ConstPlane, 3>* prediction = nullptr;
  // QP of the model's, 0..63, of each 32x32 luma block, row by row.
  std::span<const uint8_t> block_qps;
};

// Of luma and chroma, in quarters: 0 leaves a plane as it is, 4 is as trained.
using FilterStrengths = std::array<int, 2>;
inline constexpr int kMaxStrength = 7;
inline constexpr int kTrainedStrength = 4;

class LoopFilter {
 public:
  static constexpr int kMaxBanks = 16;
  static constexpr int kMaxTap = 1024;

  // kInvalidStream names a table of the wrong size or a value out of range.
  static Result<std::shared_ptr<const LoopFilter>> Create(LoopFilterTables tables);

  // Writes the visible samples of `out` (8, 10 or 12 bit) of the input's size; the rows'
  // padding may be overwritten. `pool` may be null and changes nothing.
  void Run(const LoopFilterInput& input, const FilterStrengths& strengths, ThreadPool* pool,
           Frame* out) const;

  // The same by the definition, sample by sample.
  void RunScalar(const LoopFilterInput& input, const FilterStrengths& strengths, Frame* out) const;

  // The class, as an index into taps / 6, of every cell of plane p, row by row.
  std::vector<uint16_t> Classify(const LoopFilterInput& input, int p) const;

  const LoopFilterTables& tables() const { return tables_; }

 private:
  explicit LoopFilter(LoopFilterTables tables) : tables_(std::move(tables)) {}

  // Of every QP.
  std::array<CellRule, kNumQps> Rules() const;
  void RunWith(bool scalar, const LoopFilterInput& input, const FilterStrengths& strengths,
               ThreadPool* pool, Frame* out) const;

  const LoopFilterTables tables_;
};

// Rounds 12-bit samples to the depth of `out`: the filter at strength 0.
void RoundPicture(const Frame& decoded, ThreadPool* pool, Frame* out);

}  // namespace furl::filter

#endif  // FURL_FILTER_LOOP_FILTER_H_
