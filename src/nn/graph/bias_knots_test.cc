#include "nn/graph/bias_knots.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "nn/graph/graph.h"

namespace furl::nn {
namespace {

TEST(BiasKnots, RowsLieOnStraightLinesBetweenThem) {
  constexpr int kChannels = 2;
  std::vector<int32_t> knots;
  for (int k = 0; k < kBiasKnots; ++k) {
    knots.push_back(1000 * k * k - 7);
    knots.push_back(-333 * k);
  }
  const std::vector<int32_t> rows = ExpandBiasKnots(knots);
  ASSERT_EQ(rows.size(), static_cast<size_t>(kBiasRows * kChannels));
  for (int row = 0; row < kBiasRows; ++row) {
    const double at = row * (kBiasKnots - 1.0) / kLastBiasKnot;
    const int k = static_cast<int>(at);
    for (int c = 0; c < kChannels; ++c) {
      const double a = knots[k * kChannels + c];
      const double b = knots[(k + 1) * kChannels + c];
      EXPECT_EQ(rows[row * kChannels + c], std::lround(a + (b - a) * (at - k)))
          << "row " << row << ", channel " << c;
    }
  }
}

TEST(BiasKnots, ExtremesStayWhatTheyAre) {
  for (int32_t v : {std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max(), 0}) {
    for (int32_t row : ExpandBiasKnots(std::vector<int32_t>(kBiasKnots, v))) EXPECT_EQ(row, v);
  }
}

}  // namespace
}  // namespace furl::nn
