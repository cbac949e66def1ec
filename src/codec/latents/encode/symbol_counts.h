// What the encoder wrote, counted, for whoever fits tables to it.

#ifndef FURL_CODEC_LATENTS_ENCODE_SYMBOL_COUNTS_H_
#define FURL_CODEC_LATENTS_ENCODE_SYMBOL_COUNTS_H_

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "entropy/symbol_tables.h"
#include "filter/loop_filter.h"
#include "image/frame.h"

namespace furl::latents {

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

// How far decoded latents lie above those that were to be coded, in latent units.
struct LatentError {
  int64_t sum = 0;
  int64_t count = 0;
};
using LatentErrors = std::vector<std::vector<LatentError>>;  // [pass][channel of the pass]

// A coded frame: its symbols and latents, and the picture before the loop filter.
struct ObservedFrame {
  bool intra;
  int qp;
  const SymbolCounts& counts;
  const LatentErrors& errors;
  const Frame& original;
  const filter::LoopFilterInput& decoded;
};

// Called with every coded frame, from the thread that codes it.
using FrameObserver = std::function<void(const ObservedFrame& frame)>;

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_ENCODE_SYMBOL_COUNTS_H_
