// Adaptive Golomb-Rice codes (R. F. Rice, 1979; the adaptation after M. J. Weinberger, G. Seroussi,
// G. Sapiro, "LOCO-I", 1996): numbers with a falling distribution in a few instructions each.

#ifndef FURL_ENTROPY_RICE_CODER_H_
#define FURL_ENTROPY_RICE_CODER_H_

#include <bit>
#include <cstdint>

#include "entropy/raw_bits.h"

namespace furl {

// A running mean, of 16 numbers or so.
class RiceModel {
 public:
  // Bits of a number that are coded as they are: about log2 of 0.69 of the mean.
  int Low() const { return std::bit_width(sum_ * 11 >> 8); }
  void Update(uint32_t value) { sum_ += value - (sum_ >> 4); }

 private:
  uint32_t sum_ = 16;  // 16 times the mean
};

inline constexpr int kRiceEscape = 20;  // ones that say "16 bits follow"

// Numbers 0..65535.
inline uint32_t CodeRice(RawBitWriter& writer, RiceModel& model, uint32_t value) {
  const int low = model.Low();
  const uint32_t high = value >> low;
  if (high < kRiceEscape) {
    const uint64_t ones = (uint64_t{1} << (high + 1)) - 2;
    writer.Put(ones, static_cast<int>(high) + 1);
    writer.Put(value & ((1u << low) - 1), low);
  } else {
    writer.Put((1u << kRiceEscape) - 1, kRiceEscape);
    writer.Put(value, 16);
  }
  model.Update(value);
  return value;
}

inline uint32_t CodeRice(RawBitReader& reader, RiceModel& model, uint32_t) {
  const int low = model.Low();
  const int high = reader.CountOnes(kRiceEscape);
  const uint32_t value =
      high < kRiceEscape ? static_cast<uint32_t>(high) << low | reader.Get(low) : reader.Get(16);
  model.Update(value);
  return value;
}

}  // namespace furl

#endif  // FURL_ENTROPY_RICE_CODER_H_
