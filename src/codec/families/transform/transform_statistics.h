// What the encoder wrote, counted, for whoever fits tables to it.

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_STATISTICS_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_STATISTICS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <span>

#include "entropy/symbol_tables.h"
#include "filter/loop_filter.h"
#include "image/frame.h"

namespace furl::transform {

// Of each row of the symbol tables.
struct RowCounts {
  std::array<int64_t, SymbolTables::kSymbols> symbols{};  // by hi + 15; escape last
  // By |q| = 1 and above: how far, in 1/64 step, latents lie nearer to their mean
  // than their symbol's unshrunk value, summed, and how many there were.
  std::array<int64_t, 2> nearer64{};
  std::array<int64_t, 2> count{};
};

class SymbolCounts {
 public:
  // Symbols of whole runs (SymbolEncoder::AddBatch) and the distances of their
  // latents from the means in 1/64 step, coded with one or two quantizers.
  void Add(std::span<const uint8_t> scale_index, int run, std::span<const int16_t> q,
           std::span<const int32_t> distance64, int quantizers);
  void Add(const SymbolCounts& other);

  // row: SymbolTables::Row.
  const RowCounts& row(int row) const { return rows_[row]; }

 private:
  void AddSymbol(int row, int quantizer, int q, int32_t distance64);

  std::array<RowCounts, SymbolTables::kRows> rows_{};
};

// A coded frame: its symbols, and the picture before the loop filter.
struct ObservedFrame {
  bool intra;
  const SymbolCounts& counts;
  const Frame& original;
  const filter::LoopFilterInput& decoded;
};

// Called with every coded frame, from the thread that codes it.
using FrameObserver = std::function<void(const ObservedFrame& frame)>;

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_STATISTICS_H_
