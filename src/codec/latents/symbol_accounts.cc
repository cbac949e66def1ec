#include "codec/latents/symbol_accounts.h"

#include <cmath>

namespace furl::latents {
namespace {

constexpr double kBit = 256;

uint64_t Rounded(double cost) { return static_cast<uint64_t>(std::llround(cost)); }

}  // namespace

SymbolAccounts::SymbolAccounts(const SymbolTables& tables, std::span<const std::string> groups,
                               FrameAnalysis* analysis)
    : tables_(tables), analysis_(*analysis) {
  for (const std::string& group : groups) {
    groups_.push_back({analysis->Open(BitKind::kLatents, group)});
    groups_.back().account->expected.emplace(analysis->cols, analysis->rows);
  }
  constexpr double kTotal = 1 << SymbolTables::kPrecision;
  const int rows = tables.quantizers() * SymbolTables::kScales;
  costs_.resize(rows);
  expected_.resize(rows);
  for (int row = 0; row < rows; ++row) {
    if (!SymbolTables::IsCoded(row)) continue;
    for (int slot = 0; slot < SymbolTables::kSymbols; ++slot) {
      const double size = tables.part(row, slot).size;
      if (size == 0) continue;
      costs_[row][slot] = kBit * (std::log2(kTotal / size) + SymbolTables::RawBits(row));
      // An escape expects the shortest of its codes, which is nearly all of them.
      const double rest = slot == SymbolTables::kEscape ? 2 * kBit : 0;
      expected_[row] += size / kTotal * (costs_[row][slot] + rest);
    }
  }
}

double SymbolAccounts::Sum(int table, int q, int group) {
  const SymbolParts parts = tables_.Split(table, q);
  double cost = costs_[table][parts.slot];
  if (parts.slot == SymbolTables::kEscape) cost += kBit * (2 * parts.escape_bits + 2);
  groups_[group].cost += cost;
  groups_[group].expected += expected_[table];
  return cost;
}

void SymbolAccounts::Fire(double cost, int q, int col, int row, int latent) {
  analysis_.fired.push_back({row * analysis_.cols + col, static_cast<uint16_t>(latent),
                             static_cast<int16_t>(q), static_cast<uint32_t>(Rounded(cost))});
}

void SymbolAccounts::Charge(int col, int row) {
  constexpr int kBlock = BitAccount::kBlock;
  for (Group& group : groups_) {
    if (group.expected == 0) continue;  // nothing was coded of it
    group.account->bits.Add(col * kBlock, row * kBlock, kBlock, Rounded(group.cost));
    group.account->expected->Add(col * kBlock, row * kBlock, kBlock, Rounded(group.expected));
    group.cost = group.expected = 0;
  }
}

}  // namespace furl::latents
