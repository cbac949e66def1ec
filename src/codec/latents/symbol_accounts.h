// Accounts of symbols with static distributions (entropy/symbol_tables.h), for frame analyses.
//
// Their costs are -log2 of the probability that they were coded with. SymbolTables::Cost rounds
// each to 1/256 bit, which is as much as a zero costs that is nearly certain; of these there are
// thousands in a frame. So sums are made here of exact costs and rounded once per run.

#ifndef FURL_CODEC_LATENTS_SYMBOL_ACCOUNTS_H_
#define FURL_CODEC_LATENTS_SYMBOL_ACCOUNTS_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "codec/common/frame_analysis.h"
#include "entropy/dependent_quantizer.h"
#include "entropy/symbol_tables.h"

namespace furl::latents {

class SymbolAccounts {
 public:
  // Opens an account for each of `groups`. Borrows tables and analysis.
  SymbolAccounts(const SymbolTables& tables, std::span<const std::string> groups,
                 FrameAnalysis* analysis);

  // Symbols of a run, which are quantized dependently where there are two quantizers, about the
  // 16x16 block (col, row). place(i) gives a symbol's group and its number among all latents.
  template <typename Place>
  void Add(std::span<const uint8_t> indices, const int16_t* q, int col, int row,
           const Place& place) {
    const bool dependent = tables_.quantizers() > 1;
    QuantizerState state;
    for (size_t i = 0; i < indices.size(); ++i) {
      if (indices[i] == 0) continue;
      const auto [group, latent] = place(static_cast<int>(i));
      const double cost = Sum(SymbolTables::Row(state.quantizer(), indices[i]), q[i], group);
      if (q[i] != 0) Fire(cost, q[i], col, row, latent);
      if (dependent) state = state.After(q[i]);
    }
    Charge(col, row);
  }

 private:
  struct Group {
    FrameAccount* account;
    double cost = 0;  // of the current run
    double expected = 0;
  };

  double Sum(int table, int q, int group);
  void Fire(double cost, int q, int col, int row, int latent);
  void Charge(int col, int row);

  const SymbolTables& tables_;
  FrameAnalysis& analysis_;
  std::vector<Group> groups_;
  // Of each table, 1/256 bit: what its slots cost, and a symbol in the mean.
  std::vector<std::array<double, SymbolTables::kSymbols>> costs_;
  std::vector<double> expected_;
};

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_SYMBOL_ACCOUNTS_H_
