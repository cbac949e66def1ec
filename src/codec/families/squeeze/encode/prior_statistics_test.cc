#include "codec/families/squeeze/encode/prior_statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace furl::squeeze {
namespace {

// Tables that are too low by an octave come near after some rounds.
TEST(PriorStatistics, FitFindsTheScaleOfWhatWasCoded) {
  const Layout layout(64, 32);
  Prior prior(layout, {std::vector<uint8_t>(kQpKnots * layout.channels(), 50),
                       std::vector<int8_t>(kQpBands * kShiftsPerBand, 0),
                       std::vector<uint16_t>(kQpBands * kDepthsPerBand, 32768),
                       std::vector<int8_t>(kLow * kNeighbours * kLow, 0)});
  const double wanted = 60;
  const double deviation = std::exp2(wanted / 10 - 3.5);
  std::vector<int32_t> distances(layout.symbols());
  for (int i = 0; i < layout.symbols(); ++i) {
    distances[i] = static_cast<int32_t>(64 * deviation / std::sqrt(2.0)) * (i % 2 == 0 ? 1 : -1);
  }
  for (int round = 0; round < 6; ++round) {
    PriorStatistics statistics(layout);
    for (int n = 0; n < 2000; ++n) {
      statistics.AddDepth(20, 1, n % 4 == 0 ? 0 : kGroups);
      statistics.AddRun(prior, 20, kGroups, 2, 0, distances);
    }
    prior = Prior(layout, statistics.Fit(prior));
  }
  EXPECT_NEAR(prior.Scale(20, 10, kGroups, 2), wanted, 1.5);
  // A quarter of the tiles has depth 0, the others the largest.
  const uint16_t* nodes =
      prior.tables().depths.data() + (BandOf(20) * kDepthContexts + 1) * kGroups;
  EXPECT_NEAR(nodes[0], 65536 / 4, 400);
  EXPECT_GT(nodes[1], 60000);  // 0..3: 0
  EXPECT_LT(nodes[2], 5000);   // 4..7: 7
  EXPECT_EQ(prior.tables().depths[0], 32768) << "elsewhere nothing was seen";
}

}  // namespace
}  // namespace furl::squeeze
