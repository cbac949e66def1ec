// Coding of one symbol of many whose probabilities a network predicts.
//
// A network's outputs are logits, 1/512 of a power of two each: a symbol whose logit is 512 higher
// is twice as likely. They become parts of 2^16 by whole numbers alone, so that every machine codes
// with the same distribution: a softmax whose smallest part is 1.

#ifndef FURL_ENTROPY_CATEGORICAL_H_
#define FURL_ENTROPY_CATEGORICAL_H_

#include <array>
#include <cstdint>
#include <span>

#include "entropy/adaptive_symbols.h"
#include "entropy/range_coder.h"

namespace furl {

inline constexpr int kLogitUnit = 512;  // of a factor of two

// 2^(-n / 512) in 1/65536, rounded down, for n = 0..65535; the first is 65535.
uint32_t PowerOfHalf(uint32_t n);

class Categorical {
 public:
  static constexpr int kBits = 16;
  static constexpr int kMaxSymbols = 1024;

  // Takes the logits of 1..kMaxSymbols symbols.
  void Set(std::span<const int16_t> logits);

  int symbols() const { return symbols_; }
  // A symbol's part of 2^16 and where it starts.
  uint32_t start(int symbol) const { return starts_[symbol]; }
  uint32_t size(int symbol) const { return starts_[symbol + 1] - starts_[symbol]; }
  // The symbol whose part `target` (below 2^16) lies in.
  int SymbolAt(uint32_t target) const;
  // What coding the symbol costs, in 1/256 bit.
  uint32_t Cost(int symbol) const { return kBits * 256 - Log2Times256(size(symbol)); }

 private:
  int symbols_ = 0;
  std::array<uint32_t, kMaxSymbols + 1> starts_;
};

inline int CodeCategorical(RangeEncoder& coder, const Categorical& law, int symbol) {
  coder.EncodePart(law.start(symbol), law.size(symbol), Categorical::kBits);
  return symbol;
}
inline int CodeCategorical(RangeDecoder& coder, const Categorical& law, int) {
  const int symbol = law.SymbolAt(coder.DecodeTarget(Categorical::kBits));
  coder.ConsumePart(law.start(symbol), law.size(symbol));
  return symbol;
}

}  // namespace furl

#endif  // FURL_ENTROPY_CATEGORICAL_H_
