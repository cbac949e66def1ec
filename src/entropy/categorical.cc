#include "entropy/categorical.h"

#include <algorithm>

#include "base/checked_math.h"

namespace furl {
namespace {

constexpr int kFractionBits = 9;  // of a logit
static_assert(1 << kFractionBits == kLogitUnit);

constexpr uint64_t SquareRoot(uint64_t v) {
  uint64_t root = 0;
  for (uint64_t bit = uint64_t{1} << 31; bit != 0; bit >>= 1) {
    if ((root + bit) * (root + bit) <= v) root += bit;
  }
  return root;
}

// 2^(-i / 512) in 1/2^31: products of repeated square roots of one half.
constexpr std::array<uint32_t, 1 << kFractionBits> kFractions = [] {
  std::array<uint64_t, kFractionBits> roots{};  // 2^(-2^b / 512)
  uint64_t root = uint64_t{1} << 30;
  for (int b = kFractionBits - 1; b >= 0; --b) {
    root = SquareRoot(root << 31);
    roots[b] = root;
  }
  std::array<uint32_t, 1 << kFractionBits> table{};
  for (int i = 0; i < 1 << kFractionBits; ++i) {
    uint64_t product = uint64_t{1} << 31;
    for (int b = 0; b < kFractionBits; ++b) {
      if (i >> b & 1) product = (product * roots[b]) >> 31;
    }
    table[i] = static_cast<uint32_t>(product);
  }
  return table;
}();

}  // namespace

uint32_t PowerOfHalf(uint32_t n) {
  const uint32_t octaves = n >> kFractionBits;
  if (octaves > 16) return 0;
  return std::min<uint32_t>(kFractions[n & (kLogitUnit - 1)] >> (15 + octaves), 65535);
}

void Categorical::Set(std::span<const int16_t> logits) {
  FURL_DASSERT(!logits.empty() && logits.size() <= kMaxSymbols);
  symbols_ = static_cast<int>(logits.size());
  const auto top = std::max_element(logits.begin(), logits.end());
  uint64_t sum = 0;
  for (int i = 0; i < symbols_; ++i) {
    const uint32_t weight = PowerOfHalf(static_cast<uint32_t>(*top - logits[i]));
    starts_[i] = weight;
    sum += weight;
  }
  // Every symbol gets 1 and its share of the rest; what rounding leaves goes to the likeliest.
  const uint32_t shared = (uint32_t{1} << kBits) - static_cast<uint32_t>(symbols_);
  uint32_t used = 0;
  for (int i = 0; i < symbols_; ++i) {
    starts_[i] = 1 + static_cast<uint32_t>(uint64_t{starts_[i]} * shared / sum);
    used += starts_[i];
  }
  starts_[top - logits.begin()] += (uint32_t{1} << kBits) - used;
  uint32_t start = 0;
  for (int i = 0; i < symbols_; ++i) {
    const uint32_t size = starts_[i];
    starts_[i] = start;
    start += size;
  }
  starts_[symbols_] = start;
}

int Categorical::SymbolAt(uint32_t target) const {
  const auto end = starts_.begin() + symbols_;
  return static_cast<int>(std::upper_bound(starts_.begin(), end, target) - starts_.begin()) - 1;
}

}  // namespace furl
