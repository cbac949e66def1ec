#include "codec/families/sense/block_transform.h"

#include <array>
#include <bit>

namespace furl::sense {
namespace {

// Index in the natural order of the row with `sequency` sign changes: the bit-reversed Gray code.
constexpr int NaturalIndex(int side, int sequency) {
  const int gray = sequency ^ (sequency >> 1);
  int index = 0;
  for (int bit = 1; bit < side; bit <<= 1) index = (index << 1) | ((gray & bit) != 0 ? 1 : 0);
  return index;
}

struct Sequency {
  uint8_t x, y;
};

// The order of a block's measurements: by diagonals of rising x + y, each from its middle
// outwards, so that neither direction comes late.
template <int kSide, int kCount>
constexpr std::array<Sequency, kCount> MakeOrder() {
  std::array<Sequency, kCount> order{};
  int n = 0;
  for (int sum = 0; n < kCount; ++sum) {
    for (int apart = sum & 1; apart <= sum && n < kCount; apart += 2) {
      const auto high = static_cast<uint8_t>((sum + apart) / 2);
      const auto low = static_cast<uint8_t>((sum - apart) / 2);
      if (high >= kSide) continue;
      order[n++] = {high, low};
      if (apart != 0 && n < kCount) order[n++] = {low, high};
    }
  }
  return order;
}

constexpr auto kLumaOrder = MakeOrder<kBlock, kMostLuma>();
constexpr auto kChromaOrder = MakeOrder<kBlock / 2, kMostChroma>();

// Where the measurements of `order` are in a transformed block.
template <int kSide, int kCount>
constexpr std::array<uint8_t, kCount> MakePlaces(const std::array<Sequency, kCount>& order) {
  std::array<uint8_t, kCount> places{};
  for (int i = 0; i < kCount; ++i) {
    places[i] = static_cast<uint8_t>(NaturalIndex(kSide, order[i].y) * kSide +
                                     NaturalIndex(kSide, order[i].x));
  }
  return places;
}

constexpr auto kLumaPlaces = MakePlaces<kBlock, kMostLuma>(kLumaOrder);
constexpr auto kChromaPlaces = MakePlaces<kBlock / 2, kMostChroma>(kChromaOrder);

// One step of the transform: butterflies between the first half and the second, the results side by
// side (the constant geometry of M. C. Pease, 1968), a loop that vectorizes as it stands. Behind a
// step for each bit of an index every bit is in its place again.
template <int kCount>
void Butterflies(const int16_t* __restrict from, int16_t* __restrict to) {
  for (int i = 0; i < kCount / 2; ++i) {
    to[2 * i] = static_cast<int16_t>(from[i] + from[i + kCount / 2]);
    to[2 * i + 1] = static_cast<int16_t>(from[i] - from[i + kCount / 2]);
  }
}

// The transform of kSide x kSide samples: down first, then across.
template <int kSide>
void Transform(int16_t* block, int depth) {
  constexpr int kCount = kSide * kSide;
  constexpr int kPairs = std::bit_width(unsigned{kSide}) - 1;  // of steps
  alignas(64) int16_t other[kCount];
  for (int pair = 0; pair < kPairs; ++pair) {
    Butterflies<kCount>(block, other);
    Butterflies<kCount>(other, block);
    if (depth == 8 || pair != 1) continue;  // once sums of 16 samples are there
    const int shift = depth - 8;
    for (int i = 0; i < kCount; ++i) {
      block[i] = static_cast<int16_t>((block[i] + (1 << (shift - 1))) >> shift);
    }
  }
}

}  // namespace

void MeasureLuma(int16_t samples[kLumaSamples], int depth, int16_t rows[kMostLuma]) {
  Transform<kBlock>(samples, depth);
  for (int i = 0; i < kMostLuma; ++i) rows[i] = samples[kLumaPlaces[i]];
}

void MeasureChroma(int16_t samples[kChromaSamples], int depth, int16_t rows[kMostChroma]) {
  Transform<kBlock / 2>(samples, depth);
  for (int i = 0; i < kMostChroma; ++i) {
    rows[i] = static_cast<int16_t>(2 * samples[kChromaPlaces[i]]);
  }
}

int MatrixEntry(int side, int row, int x, int y) {
  const Sequency sequency = side == kBlock ? kLumaOrder[row] : kChromaOrder[row];
  const unsigned common = static_cast<unsigned>((NaturalIndex(side, sequency.x) & x)) |
                          static_cast<unsigned>((NaturalIndex(side, sequency.y) & y) << 8);
  return std::popcount(common) % 2 == 0 ? 1 : -1;
}

}  // namespace furl::sense
