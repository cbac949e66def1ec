#include "support/hadamard.h"

#include <algorithm>
#include <bit>

#include "support/transform_tensors.h"

namespace furl::test {
namespace {

// Frequencies of a Hadamard transform from the lowest on: its rows by bits in reverse.
int Sign(int n, int u, int i) {
  const int bits = std::bit_width(static_cast<unsigned>(n)) - 1;
  int reversed = 0;
  for (int b = 0; b < bits; ++b) reversed |= (u >> b & 1) << (bits - 1 - b);
  return std::popcount(static_cast<unsigned>(reversed & i)) % 2 == 0 ? 1 : -1;
}

}  // namespace

int HadamardBlock(int k, int input) {
  const int plane = std::max(0, k % 6 - 3);
  const int side = plane == 0 ? 8 : 4;
  const int first = plane == 0 ? 0 : plane == 1 ? 64 : 80;
  if (input < first || input >= first + side * side) return 0;
  static const auto kLuma = Frequencies(8);
  static const auto kChroma = Frequencies(4);
  const auto [u, v] = plane == 0 ? kLuma[k / 6 * 4 + k % 6] : kChroma[k / 6];
  const int i = input - first;
  return (plane == 0 ? 32 : 64) * Sign(side, u, i % side) * Sign(side, v, i / side);
}

int HadamardTile(int k, int input, int kept, int per_quarter) {
  if (k % kept != input % per_quarter) return 0;
  const int t = k / kept;
  const int quarter = input / per_quarter;
  return std::popcount(static_cast<unsigned>(t & quarter)) % 2 == 0 ? 64 : -64;
}

}  // namespace furl::test
