// SymbolTables: the static distributions of latent symbols, one row per scale
// index and quantizer (docs/hyperprior.md).
//
// Row r is that of scale index s = r mod 64 for symbols of quantizer r / 64
// (dependent_quantizer.h); nothing is coded in rows of s = 0.
//
// A symbol q of row r is split into hi = q >> b(r) and the b(r) low bits, which
// are coded raw. hi up to the row's reach, at most 15, has a frequency of its own;
// anything beyond is the escape symbol followed by |hi| - reach - 1 in Exp-Golomb
// code and the sign, raw. A short reach leaves nearly all of 2^12 to the zeros of
// rows that hardly ever hold anything else.

#ifndef FURL_ENTROPY_SYMBOL_TABLES_H_
#define FURL_ENTROPY_SYMBOL_TABLES_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/status.h"

namespace furl {

// How q is written in row s: the slot, then for the escape two raw groups, then
// the low bits. Both coders and the cost follow this one description.
struct SymbolParts {
  int slot;
  int escape_bits;  // n: 2^n <= |hi| - reach < 2^(n+1); written as n zeros and a one
  uint32_t escape;  // n low bits of |hi| - reach, then the sign: n + 1 bits
  uint32_t low;     // RawBits(s) bits
};

class SymbolTables {
 public:
  static constexpr int kScales = 64;
  static constexpr int kRows = 2 * kScales;
  static constexpr int kSymbols = 32;       // hi = -15..15 and escape
  static constexpr int kMaxHi = 15;         // largest reach
  static constexpr int kPrecision = 12;     // frequencies of a row sum to 2^12
  static constexpr int kMaxSymbol = 32767;  // largest |q|
  static constexpr int kMaxEscapeBits = 14;

  // `frequencies` holds 1..64 rows of quantizer 0, or 128 of both, in the order of
  // docs/hyperprior.md: hi = -15..15, escape; zero where |hi| is beyond the row's reach.
  // kInvalidStream for a wrong size, another zero or a sum other than 4096.
  // Missing rows repeat the last one.
  static Result<std::shared_ptr<const SymbolTables>> Create(std::span<const uint16_t> frequencies);

  // 1, or 2 where symbols are quantized dependently.
  int quantizers() const { return quantizers_; }

  static constexpr int Row(int quantizer, int s) { return quantizer * kScales + s; }
  static constexpr bool IsCoded(int row) { return row % kScales != 0; }

  // Number of raw low bits of a row, 0..8.
  static constexpr int RawBits(int row) {
    const int s = row % kScales;
    return s < 28 ? 0 : (s - 23) / 5;
  }

  // Where a row of the model's table has the frequency of q: hi + 15, the escape's last.
  static constexpr int FrequencyIndex(int row, int q) {
    const int hi = q >> RawBits(row);
    return hi < -kMaxHi || hi > kMaxHi ? kSymbols - 1 : hi + kMaxHi;
  }

  // Inside the coder a row is ordered 0, 1, -1, 2, -2, ..., -15, escape: an
  // all-zero stream then ends in zero bytes, which are not written.
  static constexpr int kEscape = 31;
  static constexpr int SlotOfHi(int hi) { return hi > 0 ? 2 * hi - 1 : -2 * hi; }
  static constexpr int HiOfSlot(int slot) { return slot & 1 ? (slot + 1) / 2 : -slot / 2; }

  struct Part {
    uint16_t start;  // in 1 / 2^kPrecision
    uint16_t size;
  };
  // Largest |hi| with a frequency of its own, 0..15.
  int reach(int s) const { return reach_[s]; }
  // The part of the row that belongs to a slot.
  Part part(int s, int slot) const { return parts_[s][slot]; }
  // The slot at a position 0..4095 of the row.
  int slot_at(int s, uint32_t position) const { return slots_[s][position]; }

  // |q| <= kMaxSymbol.
  SymbolParts Split(int s, int q) const;

  // Cost of q in row s in 1/256 bit; q = 0 costs nothing in rows that are not
  // coded and every other symbol is impossible there (the largest uint16).
  uint32_t Cost(int s, int q) const {
    const bool in_table = q >= -kCostReach && q <= kCostReach;
    return in_table ? costs_[s][q + kCostReach] : ComputeCost(s, q);
  }

 private:
  // |q| of costs_: nearly all symbols, and their costs fit 16 bits.
  static constexpr int kCostReach = 32;

  SymbolTables() = default;
  void FillRow(int s, std::span<const uint16_t> frequencies);
  // What Cost() says, from the frequencies.
  uint32_t ComputeCost(int s, int q) const;

  int quantizers_ = 1;
  std::array<uint8_t, kRows> reach_;
  std::array<std::array<Part, kSymbols>, kRows> parts_;
  std::array<std::array<uint8_t, 1 << kPrecision>, kRows> slots_;
  std::array<std::array<uint16_t, 2 * kCostReach + 1>, kRows> costs_;  // [row][q + kCostReach]
};

}  // namespace furl

#endif  // FURL_ENTROPY_SYMBOL_TABLES_H_
