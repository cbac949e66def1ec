// Frequency tables and sources for tests and benchmarks of the symbol coder.

#ifndef FURL_ENTROPY_SYMBOL_TEST_UTIL_H_
#define FURL_ENTROPY_SYMBOL_TEST_UTIL_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <vector>

#include "entropy/symbol_tables.h"

namespace furl {

// Length of dependent runs, where tables have two quantizers.
inline constexpr int kRun = 24;

// Standard deviation that scale index s stands for (docs/hyperprior.md).
inline double SymbolSigma(int s) { return std::exp2(-3.5 + 0.2 * s); }

// A Laplace-distributed number rounded to an integer.
inline int RandomSymbol(std::mt19937& rng, double sigma) {
  const double u = (rng() + 0.5) / 4294967296.0 - 0.5;
  const double magnitude = -sigma / std::sqrt(2.0) * std::log(1 - 2 * std::abs(u));
  const double q = std::min(std::round(magnitude), double{SymbolTables::kMaxSymbol});
  return static_cast<int>(u < 0 ? -q : q);
}

// The 64 rows for that source, in the order of the model tensor.
inline std::vector<uint16_t> LaplaceFrequencies() {
  std::vector<uint16_t> table;
  for (int s = 0; s < SymbolTables::kScales; ++s) {
    const int raw = SymbolTables::RawBits(s);
    const double b = SymbolSigma(s) / std::sqrt(2.0);
    auto below = [&](double v) {
      return v < 0 ? 0.5 * std::exp(v / b) : 1 - 0.5 * std::exp(-v / b);
    };
    std::vector<int> row;
    double escape = 1;
    for (int hi = -15; hi <= 15; ++hi) {
      const double low = (hi << raw) - 0.5;
      const double p = below(low + (1 << raw)) - below(low);
      escape -= p;
      row.push_back(1 + static_cast<int>(p * (4096 - 32)));
    }
    row.push_back(1 + static_cast<int>(std::max(0.0, escape) * (4096 - 32)));
    int sum = 0;
    for (int f : row) sum += f;
    *std::max_element(row.begin(), row.end()) += 4096 - sum;
    table.insert(table.end(), row.begin(), row.end());
  }
  return table;
}

// 128 rows of two quantizers; the second one's are those of wider sources, which
// is enough to tell the two apart.
inline std::vector<uint16_t> DependentFrequencies() {
  std::vector<uint16_t> table = LaplaceFrequencies();
  const std::vector<uint16_t> first = table;
  for (int s = 0; s < SymbolTables::kScales; ++s) {
    const int wider = std::min(s + 4, SymbolTables::kScales - 1);
    const auto row = first.begin() + wider * SymbolTables::kSymbols;
    table.insert(table.end(), row, row + SymbolTables::kSymbols);
  }
  return table;
}

}  // namespace furl

#endif  // FURL_ENTROPY_SYMBOL_TEST_UTIL_H_
