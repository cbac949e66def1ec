#include "entropy/symbol_tables.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>
#include <string>

#include "entropy/adaptive_bit.h"

namespace furl {
namespace {

constexpr int kTotal = 1 << SymbolTables::kPrecision;

// Largest |hi| up to which no frequency is zero, -1 if that of 0 is.
int ReachOf(std::span<const uint16_t> row) {
  int reach = -1;
  while (reach < SymbolTables::kMaxHi && row[SymbolTables::kMaxHi + reach + 1] != 0 &&
         row[SymbolTables::kMaxHi - reach - 1] != 0) {
    ++reach;
  }
  return reach;
}

Status CheckRow(int s, std::span<const uint16_t> row) {
  const int reach = ReachOf(row);
  int sum = row[SymbolTables::kEscape];
  bool sound = reach >= 0 && sum != 0;
  for (int hi = -SymbolTables::kMaxHi; hi <= SymbolTables::kMaxHi; ++hi) {
    const int frequency = row[hi + SymbolTables::kMaxHi];
    sound = sound && (std::abs(hi) <= reach || frequency == 0);
    sum += frequency;
  }
  if (!sound) return InvalidStream("frequency table " + std::to_string(s) + " has a gap");
  if (sum != kTotal) {
    return InvalidStream("frequency table " + std::to_string(s) + " sums to " +
                         std::to_string(sum));
  }
  return OkStatus();
}

}  // namespace

Result<std::shared_ptr<const SymbolTables>> SymbolTables::Create(
    std::span<const uint16_t> frequencies) {
  const size_t rows = frequencies.size() / kSymbols;
  const bool fits = (rows >= 1 && rows <= kScales) || rows == kRows;
  if (!fits || frequencies.size() % kSymbols != 0) {
    return InvalidStream("frequency tables have " + std::to_string(frequencies.size()) +
                         " entries");
  }
  for (size_t s = 0; s < rows; ++s) {
    FURL_RETURN_IF_ERROR(
        CheckRow(static_cast<int>(s), frequencies.subspan(s * kSymbols, kSymbols)));
  }
  std::shared_ptr<SymbolTables> tables(new (std::nothrow) SymbolTables);
  if (tables == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  tables->quantizers_ = rows == kRows ? 2 : 1;
  for (int r = 0; r < tables->quantizers_ * kScales; ++r) {
    const size_t row = std::min<size_t>(r, rows - 1);
    tables->FillRow(r, frequencies.subspan(row * kSymbols, kSymbols));
  }
  return std::shared_ptr<const SymbolTables>(std::move(tables));
}

void SymbolTables::FillRow(int s, std::span<const uint16_t> frequencies) {
  reach_[s] = static_cast<uint8_t>(ReachOf(frequencies));
  int start = 0;
  for (int slot = 0; slot < kSymbols; ++slot) {
    const int index = slot == kEscape ? kEscape : HiOfSlot(slot) + kMaxHi;
    const int size = frequencies[index];
    parts_[s][slot] = {static_cast<uint16_t>(start), static_cast<uint16_t>(size)};
    std::fill_n(&slots_[s][start], size, static_cast<uint8_t>(slot));
    start += size;
  }
  for (int q = -kCostReach; q <= kCostReach; ++q) {
    costs_[s][q + kCostReach] = static_cast<uint16_t>(ComputeCost(s, q));
  }
}

uint32_t SymbolTables::ComputeCost(int s, int q) const {
  if (!IsCoded(s)) return q == 0 ? 0 : 0xffff;
  const SymbolParts parts = Split(s, q);
  uint32_t cost = kPrecision * 256 - Log2Times256(parts_[s][parts.slot].size);
  if (parts.slot == kEscape) cost += 256 * (2 * parts.escape_bits + 2);
  return cost + 256 * RawBits(s);
}

SymbolParts SymbolTables::Split(int s, int q) const {
  FURL_DASSERT(std::abs(q) <= SymbolTables::kMaxSymbol);
  const int raw_bits = SymbolTables::RawBits(s);
  const int hi = q >> raw_bits;
  SymbolParts parts = {};
  parts.low = static_cast<uint32_t>(q) & ((1u << raw_bits) - 1);
  if (std::abs(hi) <= reach_[s]) {
    parts.slot = SymbolTables::SlotOfHi(hi);
    return parts;
  }
  const uint32_t excess = static_cast<uint32_t>(std::abs(hi) - reach_[s]);  // >= 1
  parts.slot = SymbolTables::kEscape;
  parts.escape_bits = std::bit_width(excess) - 1;
  parts.escape = ((excess & ((1u << parts.escape_bits) - 1)) << 1) | (hi < 0 ? 1 : 0);
  return parts;
}

}  // namespace furl
