#include "train/hyperprior/symbol_fit.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "entropy/dependent_quantizer.h"
#include "entropy/symbol_tables.h"
#include "train/hyperprior/entropy_model.h"

namespace furl::train::hyperprior {
namespace {

// Weight of the Laplace law against measured counts, in symbols.
constexpr double kPriorWeight = 200;

// What rounding to symbol k or more takes, in steps from the mean: quantizer 1
// has its zero to itself up to a quarter, and then whole steps.
double LowerEdge(int quantizer, int k) {
  if (k == 0) return 0;
  if (quantizer == 0) return k - 1 + kZeroEdge;
  return k == 1 ? 0.25 : k - 1;
}

// Laplace law of a row over the 32 high symbols.
SymbolRow PriorRow(int row_index) {
  const int s = row_index % SymbolTables::kScales;
  const int quantizer = row_index / SymbolTables::kScales;
  const double decay = std::sqrt(2.0) / ScaleSigma(s + 0.25);
  SymbolRow row{};
  const int reach = 40 << SymbolTables::RawBits(row_index);
  for (int q = -reach; q <= reach; ++q) {
    const int k = std::abs(q);
    const double from = std::exp(-decay * LowerEdge(quantizer, k));
    const double to = std::exp(-decay * LowerEdge(quantizer, k + 1));
    row[SymbolTables::FrequencyIndex(row_index, q)] += (from - to) / (k == 0 ? 1 : 2);
  }
  return row;
}

using Frequencies = std::array<uint16_t, kHighSymbols>;

// The row with everything beyond `reach` in the escape, rounded to a sum of 4096
// with a floor of 1 by largest remainders.
Frequencies RoundRow(const SymbolRow& row, int reach) {
  SymbolRow merged{};
  double sum = 0;
  for (int i = 0; i < kHighSymbols; ++i) {
    const bool own = i < kHighSymbols - 1 && std::abs(i - SymbolTables::kMaxHi) <= reach;
    merged[own ? i : kHighSymbols - 1] += row[i];
    sum += row[i];
  }
  const int symbols = 2 * reach + 2;
  const double budget = kFrequencySum - symbols;
  int used = 0;
  Frequencies out{};
  std::vector<std::pair<double, int>> rest;
  for (int i = 0; i < kHighSymbols; ++i) {
    if (i < kHighSymbols - 1 && std::abs(i - SymbolTables::kMaxHi) > reach) continue;
    const double exact = merged[i] / sum * budget;
    out[i] = static_cast<uint16_t>(1 + std::floor(exact));
    used += out[i];
    rest.push_back({exact - std::floor(exact), i});
  }
  std::sort(rest.rbegin(), rest.rend());
  for (int i = 0; used < kFrequencySum; ++i, ++used) ++out[rest[i % symbols].second];
  return out;
}

// Bits that the row's symbols take with these frequencies, low bits aside.
double BitsOf(const SymbolRow& row, const Frequencies& frequencies, int reach) {
  double bits = 0;
  for (int i = 0; i < kHighSymbols; ++i) {
    const int magnitude =
        i == kHighSymbols - 1 ? SymbolTables::kMaxHi + 1 : std::abs(i - SymbolTables::kMaxHi);
    const bool own = magnitude <= reach;
    const int beyond = own ? 0 : std::bit_width(static_cast<unsigned>(magnitude - reach)) - 1;
    const double share = frequencies[own ? i : kHighSymbols - 1] / double{kFrequencySum};
    bits += row[i] * ((own ? 0 : 2 * beyond + 2) - std::log2(share));
  }
  return bits;
}

}  // namespace

std::array<uint16_t, kHighSymbols> FitRow(const SymbolRow& counts, int row_index) {
  SymbolRow row = PriorRow(row_index);
  for (int i = 0; i < kHighSymbols; ++i) row[i] = row[i] * kPriorWeight + counts[i];
  SymbolRow even = row;
  // With low bits, hi mirrors -1 - hi.
  const int center = SymbolTables::RawBits(row_index) == 0 ? 30 : 29;
  for (int i = 0; i < kHighSymbols - 1; ++i) {
    const int other = center - i;
    if (other >= 0) even[i] = (row[i] + row[other]) / 2;
  }
  Frequencies best{};
  double least = 0;
  for (int reach = 0; reach <= SymbolTables::kMaxHi; ++reach) {
    const Frequencies rounded = RoundRow(even, reach);
    const double bits = BitsOf(even, rounded, reach);
    if (reach > 0 && bits >= least) continue;
    least = bits;
    best = rounded;
  }
  return best;
}

}  // namespace furl::train::hyperprior
