// AdaptiveBit: the probability model of one binary decision, and its cost.
//
// Two estimates run side by side, one quick and one slow, and their mean is
// used. Both start with a step of 1 / (observations + 2), which is what a plain
// count would do, so that a model is useful after a handful of symbols: a frame
// at a low rate codes only a few hundred.

#ifndef FURL_ENTROPY_ADAPTIVE_BIT_H_
#define FURL_ENTROPY_ADAPTIVE_BIT_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace furl {

class AdaptiveBit {
 public:
  static constexpr uint32_t kOne = 1 << 16;  // the scale of probabilities
  static constexpr uint32_t kMin = 32;       // no event is ever less likely than kMin / kOne

  // Steps shrink with the number of observations down to 2^-5 and 2^-7.
  static constexpr int kFastLimit = 32;
  static constexpr int kSlowLimit = 128;

  // Starts at P(bit = 0) = p_zero / 65536. `confidence` says how many
  // observations that guess is worth (0..126): 0 forgets it almost at once.
  constexpr explicit AdaptiveBit(uint32_t p_zero = kOne / 2, int confidence = 3)
      : fast_(static_cast<uint16_t>(std::min(p_zero, kOne - 1))),
        slow_(fast_),
        count_(static_cast<uint8_t>(confidence)) {}

  // P(bit = 0) in 1/65536, kMin <= result <= kOne - kMin.
  constexpr uint32_t p_zero() const {
    return std::clamp((uint32_t{fast_} + slow_) / 2, kMin, kOne - kMin);
  }

  constexpr void Update(bool bit) {
    const uint32_t slow_step = kStep[count_];
    const uint32_t fast_step = kStep[std::min<int>(count_, kFastLimit - 2)];
    Move(&fast_, bit, fast_step);
    Move(&slow_, bit, slow_step);
    if (count_ < kSlowLimit - 2) ++count_;
  }

 private:
  static constexpr std::array<uint16_t, kSlowLimit - 1> kStep = [] {
    std::array<uint16_t, kSlowLimit - 1> step{};
    for (int i = 0; i < kSlowLimit - 1; ++i) step[i] = static_cast<uint16_t>(kOne / (i + 2));
    return step;
  }();

  static constexpr void Move(uint16_t* p, bool bit, uint32_t step) {
    if (bit) {
      *p = static_cast<uint16_t>(*p - ((*p * step) >> 16));
    } else {
      *p = static_cast<uint16_t>(*p + (((kOne - 1 - *p) * step) >> 16));
    }
  }

  uint16_t fast_;
  uint16_t slow_;
  uint8_t count_;  // observations so far, index into kStep
};

namespace internal {

// round(256 * log2(1 + i / 256)), by repeated squaring in fixed point.
constexpr int Log2Fraction(int i) {
  uint64_t x = (uint64_t{256} + i) << 22;  // 1.30 fixed point, in [1, 2)
  int bits = 0;
  for (int k = 0; k < 9; ++k) {
    x = (x * x) >> 30;
    bits <<= 1;
    if (x >= (uint64_t{2} << 30)) {
      x >>= 1;
      bits |= 1;
    }
  }
  return (bits + 1) >> 1;
}

inline constexpr std::array<uint16_t, 257> kLog2Fraction = [] {
  std::array<uint16_t, 257> table{};
  for (int i = 0; i < 256; ++i) table[i] = static_cast<uint16_t>(Log2Fraction(i));
  table[256] = 256;
  return table;
}();

}  // namespace internal

// 256 * log2(v), v >= 1, within about 1: for costs, never for decoding.
constexpr uint32_t Log2Times256(uint32_t v) {
  const int top = std::bit_width(v) - 1;
  const uint32_t fraction = top >= 8 ? ((v >> (top - 8)) & 255) : ((v << (8 - top)) & 255);
  return static_cast<uint32_t>(top) * 256 + internal::kLog2Fraction[fraction];
}

// Cost of coding `bit` with that model, in 1/256 bit.
constexpr uint32_t BitCost(const AdaptiveBit& model, bool bit) {
  const uint32_t p = bit ? AdaptiveBit::kOne - model.p_zero() : model.p_zero();
  return 16 * 256 - Log2Times256(p);
}

}  // namespace furl

#endif  // FURL_ENTROPY_ADAPTIVE_BIT_H_
