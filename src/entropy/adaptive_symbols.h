// Larger symbols on top of the binary range coder. Every syntax element is
// written once, as a template over the direction:
//
//   template <typename Coder>
//   int CodeThing(Coder& coder, ThingModel& model, int thing);
//
// With a RangeEncoder it codes `thing` and returns it, with a RangeDecoder it
// ignores the argument and returns what it read, with a CostCounter it adds up
// the cost and leaves the model as it was.

#ifndef FURL_ENTROPY_ADAPTIVE_SYMBOLS_H_
#define FURL_ENTROPY_ADAPTIVE_SYMBOLS_H_

#include <array>
#include <bit>
#include <cstdint>

#include "entropy/range_coder.h"

namespace furl {

// Adds up what coding would cost, with models that stay as they are.
struct CostCounter {
  uint64_t cost = 0;  // in 1/256 bit
};

inline bool CodeBit(RangeEncoder& coder, AdaptiveBit& model, bool bit) {
  coder.EncodeBit(&model, bit);
  return bit;
}
inline bool CodeBit(RangeDecoder& coder, AdaptiveBit& model, bool) {
  return coder.DecodeBit(&model);
}
inline bool CodeBit(CostCounter& coder, const AdaptiveBit& model, bool bit) {
  coder.cost += BitCost(model, bit);
  return bit;
}

// `bits` in 0..32.
inline uint32_t CodeRaw(RangeEncoder& coder, uint32_t value, int bits) {
  coder.EncodeRaw(value, bits);
  return value;
}
inline uint32_t CodeRaw(RangeDecoder& coder, uint32_t, int bits) { return coder.DecodeRaw(bits); }
inline uint32_t CodeRaw(CostCounter& coder, uint32_t value, int bits) {
  coder.cost += 256 * static_cast<uint64_t>(bits);
  return value;
}

// Adaptive bits that all start alike.
template <int kCount>
constexpr std::array<AdaptiveBit, kCount> UniformBits(uint32_t p_zero = AdaptiveBit::kOne / 2,
                                                      int confidence = 3) {
  std::array<AdaptiveBit, kCount> bits;
  bits.fill(AdaptiveBit(p_zero, confidence));
  return bits;
}

// A number 0..kMax as a row of "more" bits, each with its own model: for small
// numbers with a falling distribution.
template <int kMax>
struct UnaryModel {
  static_assert(kMax >= 1);
  std::array<AdaptiveBit, kMax> more = UniformBits<kMax>();
};

template <typename Coder, int kMax>
int CodeUnary(Coder& coder, UnaryModel<kMax>& model, int value) {
  int n = 0;
  while (n < kMax && CodeBit(coder, model.more[n], n < value)) ++n;
  return n;
}

// One of kSymbols symbols, by a binary tree of adaptive bits. Symbols that are
// alike should be neighbours. Sizes that are not powers of two cost nothing
// extra: a branch with one way is not coded.
template <int kSymbols>
struct TreeModel {
  static_assert(kSymbols >= 2 && kSymbols <= 256);
  static constexpr int kBits = std::bit_width(static_cast<unsigned>(kSymbols - 1));
  std::array<AdaptiveBit, (1 << kBits)> node = UniformBits<(1 << kBits)>();
};

template <typename Coder, int kSymbols>
int CodeTree(Coder& coder, TreeModel<kSymbols>& model, int symbol) {
  int prefix = 0;  // the bits known so far
  for (int bit = TreeModel<kSymbols>::kBits - 1; bit >= 0; --bit) {
    const int upper = (prefix * 2 + 1) << bit;  // smallest symbol of the 1 branch
    bool one = false;
    if (upper < kSymbols) {
      const int depth = TreeModel<kSymbols>::kBits - 1 - bit;
      one = CodeBit(coder, model.node[(1 << depth) + prefix], (symbol >> bit) & 1);
    }
    prefix = prefix * 2 + one;
  }
  return prefix;
}

// Numbers 0..2^kMaxPrefix+... of any size by Exp-Golomb codes of order 0:
// value + 1 has `prefix` bits after its leading one; the prefix is unary and
// adaptive, as is the first of those bits; the others are raw.
// Largest value: 2^(kMaxPrefix + 1) - 2.
template <int kMaxPrefix = 15>
struct ExpGolombModel {
  static_assert(kMaxPrefix >= 1 && kMaxPrefix <= 30);
  std::array<AdaptiveBit, kMaxPrefix> more = UniformBits<kMaxPrefix>();
  std::array<AdaptiveBit, kMaxPrefix + 1> high = UniformBits<kMaxPrefix + 1>();
};

template <typename Coder, int kMaxPrefix>
uint32_t CodeExpGolomb(Coder& coder, ExpGolombModel<kMaxPrefix>& model, uint32_t value) {
  const int wanted = std::bit_width(value + 1) - 1;
  int prefix = 0;
  while (prefix < kMaxPrefix && CodeBit(coder, model.more[prefix], prefix < wanted)) ++prefix;
  if (prefix == 0) return 0;
  uint32_t v = 2 | (CodeBit(coder, model.high[prefix], ((value + 1) >> (prefix - 1)) & 1) ? 1 : 0);
  const int rest = prefix - 1;
  v = (v << rest) | CodeRaw(coder, (value + 1) & ((1u << rest) - 1), rest);
  return v - 1;
}

// Signed numbers: a zero flag, a sign, the magnitude - 1 by Exp-Golomb.
// Magnitudes up to 2^(kMaxPrefix + 1) - 1.
template <int kMaxPrefix = 15>
struct SignedModel {
  AdaptiveBit nonzero;
  AdaptiveBit negative;
  ExpGolombModel<kMaxPrefix> magnitude;
};

template <typename Coder, int kMaxPrefix>
int32_t CodeSigned(Coder& coder, SignedModel<kMaxPrefix>& model, int32_t value) {
  if (!CodeBit(coder, model.nonzero, value != 0)) return 0;
  const bool negative = CodeBit(coder, model.negative, value < 0);
  const uint32_t magnitude = static_cast<uint32_t>(value < 0 ? -value : value) - 1;
  const int32_t m = static_cast<int32_t>(CodeExpGolomb(coder, model.magnitude, magnitude)) + 1;
  return negative ? -m : m;
}

}  // namespace furl

#endif  // FURL_ENTROPY_ADAPTIVE_SYMBOLS_H_
