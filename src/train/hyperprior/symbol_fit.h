// Frequency tables from counted symbols.

#ifndef FURL_TRAIN_HYPERPRIOR_SYMBOL_FIT_H_
#define FURL_TRAIN_HYPERPRIOR_SYMBOL_FIT_H_

#include <array>
#include <cstdint>

#include "entropy/symbol_tables.h"

namespace furl::train::hyperprior {

inline constexpr int kHighSymbols = SymbolTables::kSymbols;  // hi = -15..15, then escape
inline constexpr int kFrequencySum = 1 << SymbolTables::kPrecision;

using SymbolRow = std::array<double, kHighSymbols>;

// The row of a scale index and quantizer (SymbolTables::Row) from its counts:
// frequencies that sum to 4096, up to the reach that codes the counts with the
// fewest bits. Signs carry no information, so q mirrors -q; sparse rows lean on
// the Laplace law the networks were trained with.
std::array<uint16_t, kHighSymbols> FitRow(const SymbolRow& counts, int row);

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_SYMBOL_FIT_H_
