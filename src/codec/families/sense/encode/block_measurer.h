// All that an encoder of the sense family does with samples: blocks to quantized measurements.

#ifndef FURL_CODEC_FAMILIES_SENSE_ENCODE_BLOCK_MEASURER_H_
#define FURL_CODEC_FAMILIES_SENSE_ENCODE_BLOCK_MEASURER_H_

#include <cstddef>
#include <cstdint>

#include "codec/families/sense/measurement_plan.h"

namespace furl::sense {

// Of a step, what is added to magnitudes before they are cut off to whole steps: small measurements
// cost more bits than they are worth.
inline constexpr double kRounding = 0.4;

// A row of blocks of a 4:2:0 picture. `Sample`: uint8_t or uint16_t.
template <typename Sample>
struct BlockRow {
  const Sample* planes[3] = {};  // first sample of the first line, Y, U, V
  ptrdiff_t strides[3] = {};     // samples from a line to the next
  int width = 0;                 // of the picture
  int lines = 0;                 // of luma that there are, 1..kBlock: fewer at its lower edge
};

class BlockMeasurer {
 public:
  // Of pictures of 8 or 10 bits. `plan` is borrowed.
  BlockMeasurer(const MeasurementPlan& plan, int depth);

  // Measures the block of that column. Where it reaches beyond the picture the last sample and the
  // last line go on.
  template <typename Sample>
  void Measure(const BlockRow<Sample>& row, int column, BlockSymbols* symbols) const;

 private:
  void Quantize(const uint8_t* rows, int count, const int16_t* measured, int16_t* symbols) const;

  const MeasurementPlan& plan_;
  const int depth_;
  const int32_t inverse_;   // of the step, in 2^-kInverseBits
  const int32_t rounding_;  // of a magnitude before it is divided
};

extern template void BlockMeasurer::Measure(const BlockRow<uint8_t>&, int, BlockSymbols*) const;
extern template void BlockMeasurer::Measure(const BlockRow<uint16_t>&, int, BlockSymbols*) const;

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_ENCODE_BLOCK_MEASURER_H_
