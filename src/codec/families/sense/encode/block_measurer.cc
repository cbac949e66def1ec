#include "codec/families/sense/encode/block_measurer.h"

#include <algorithm>

#include "codec/families/sense/block_transform.h"

namespace furl::sense {
namespace {

constexpr int kInverseBits = 16;

// The samples of block `column` of a plane, less the middle of their range.
template <typename Sample>
void Gather(const BlockRow<Sample>& row, int p, int column, int middle, int16_t* block) {
  const int side = p == 0 ? kBlock : kBlock / 2;
  const int width = p == 0 ? row.width : (row.width + 1) / 2;
  const int lines = p == 0 ? row.lines : (row.lines + 1) / 2;
  const int first = column * side;
  const int count = std::min(side, width - first);
  for (int y = 0; y < side; ++y, block += side) {
    const Sample* const from = row.planes[p] + std::min(y, lines - 1) * row.strides[p] + first;
    for (int x = 0; x < count; ++x) block[x] = static_cast<int16_t>(from[x] - middle);
    std::fill(block + count, block + side, block[count - 1]);
  }
}

}  // namespace

BlockMeasurer::BlockMeasurer(const MeasurementPlan& plan, int depth)
    : plan_(plan),
      depth_(depth),
      inverse_((1 << kInverseBits) / plan.step + 1),
      rounding_(static_cast<int32_t>(plan.step * kRounding)) {}

template <typename Sample>
void BlockMeasurer::Measure(const BlockRow<Sample>& row, int column, BlockSymbols* symbols) const {
  const int middle = 1 << (depth_ - 1);
  alignas(64) int16_t block[kLumaSamples];
  int16_t measured[kMostLuma];
  Gather(row, 0, column, middle, block);
  MeasureLuma(block, depth_, measured);
  Quantize(plan_.luma.data(), plan_.luma_count, measured, symbols->luma);
  for (int c = 0; c < 2; ++c) {
    Gather(row, 1 + c, column, middle, block);
    MeasureChroma(block, depth_, measured);
    Quantize(plan_.chroma.data(), plan_.chroma_count, measured, symbols->chroma[c]);
  }
}

void BlockMeasurer::Quantize(const uint8_t* rows, int count, const int16_t* measured,
                             int16_t* symbols) const {
  for (int i = 0; i < count; ++i) {
    const int32_t m = measured[rows[i]];
    const int32_t magnitude = ((m < 0 ? -m : m) + rounding_) * int64_t{inverse_} >> kInverseBits;
    symbols[i] = static_cast<int16_t>(m < 0 ? -magnitude : magnitude);
  }
}

template void BlockMeasurer::Measure(const BlockRow<uint8_t>&, int, BlockSymbols*) const;
template void BlockMeasurer::Measure(const BlockRow<uint16_t>&, int, BlockSymbols*) const;

}  // namespace furl::sense
