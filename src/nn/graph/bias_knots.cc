#include "nn/graph/bias_knots.h"

#include <cstddef>

#include "nn/graph/graph.h"

namespace furl::nn {

static_assert((kBiasRows - 1) * (kBiasKnots - 1) < kLastBiasKnot * (kBiasKnots - 1),
              "every row lies between two knots");

std::vector<int32_t> ExpandBiasKnots(std::span<const int32_t> knots) {
  const size_t channels = knots.size() / kBiasKnots;
  std::vector<int32_t> rows;
  rows.reserve(channels * kBiasRows);
  for (int row = 0; row < kBiasRows; ++row) {
    const int at = row * (kBiasKnots - 1);  // in 1/kLastBiasKnot of the distance of knots
    const int part = at % kLastBiasKnot;
    const auto first = knots.subspan(at / kLastBiasKnot * channels, 2 * channels);
    for (size_t c = 0; c < channels; ++c) {
      const int64_t sum =
          int64_t{first[c]} * (kLastBiasKnot - part) + int64_t{first[channels + c]} * part;
      // Halves can't occur: kLastBiasKnot is odd.
      const int64_t half = sum < 0 ? -(kLastBiasKnot / 2) : kLastBiasKnot / 2;
      rows.push_back(static_cast<int32_t>((sum + half) / kLastBiasKnot));
    }
  }
  return rows;
}

}  // namespace furl::nn
