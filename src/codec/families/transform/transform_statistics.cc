#include "codec/families/transform/transform_statistics.h"

#include <cstdlib>

#include "entropy/dependent_quantizer.h"

namespace furl::transform {

void SymbolCounts::AddSymbol(int row, int quantizer, int q, int32_t distance64) {
  RowCounts& counts = rows_[row];
  ++counts.symbols[SymbolTables::FrequencyIndex(row, q)];
  if (q == 0) return;
  const int magnitude = std::abs(q);
  const int k = magnitude > 1;
  const int value64 = 32 * QuantizerState::HalfSteps(quantizer, magnitude);
  counts.nearer64[k] += value64 - (q < 0 ? -distance64 : distance64);
  ++counts.count[k];
}

void SymbolCounts::Add(std::span<const uint8_t> scale_index, int run, std::span<const int16_t> q,
                       std::span<const int32_t> distance64, int quantizers) {
  QuantizerState state;
  for (size_t i = 0; i < scale_index.size(); ++i) {
    if (i % run == 0) state = QuantizerState();
    if (scale_index[i] == 0) continue;
    const int quantizer = state.quantizer();
    AddSymbol(SymbolTables::Row(quantizer, scale_index[i]), quantizer, q[i], distance64[i]);
    if (quantizers > 1) state = state.After(q[i]);
  }
}

void SymbolCounts::Add(const SymbolCounts& other) {
  for (int r = 0; r < SymbolTables::kRows; ++r) {
    const RowCounts& from = other.rows_[r];
    RowCounts& to = rows_[r];
    for (size_t i = 0; i < from.symbols.size(); ++i) to.symbols[i] += from.symbols[i];
    for (int k = 0; k < 2; ++k) {
      to.nearer64[k] += from.nearer64[k];
      to.count[k] += from.count[k];
    }
  }
}

}  // namespace furl::transform
