#include "codec/families/squeeze/prior.h"

#include <gtest/gtest.h>

namespace furl::squeeze {
namespace {

constexpr int kBottleneck = 64;
constexpr int kDetail = 32;

PriorTables FlatTables(const Layout& layout, uint8_t scale) {
  return {std::vector<uint8_t>(kQpKnots * layout.channels(), scale),
          std::vector<int8_t>(kQpBands * kShiftsPerBand, 0),
          std::vector<uint16_t>(kQpBands * kDepthsPerBand, 32768),
          std::vector<int8_t>(kLow * kNeighbours * kLow, 0)};
}

TEST(Layout, GroupsCoverAllSymbolsInOrder) {
  for (const Layout& layout : {Layout(64, 16), Layout(128, 64), Layout(256, 96)}) {
    int last = 0;
    for (int group = 0; group < kGroups; ++group) {
      EXPECT_GT(layout.GroupEnd(group), last);
      EXPECT_EQ(layout.GroupOf(last), group);
      last = layout.GroupEnd(group);
      EXPECT_EQ(layout.GroupOf(last - 1), group);
    }
    EXPECT_EQ(last, layout.symbols());
    EXPECT_EQ(layout.GroupEnd(kBottleneckGroups - 1), layout.bottleneck());
    EXPECT_EQ(layout.ChannelOf(layout.symbols() - 1), layout.channels() - 1);
  }
}

TEST(Prior, ScalesRunFromKnotToKnotAndBeyondTheModelsQps) {
  const Layout layout(kBottleneck, kDetail);
  PriorTables tables = FlatTables(layout, 80);
  for (int knot = 0; knot < kQpKnots; ++knot) {
    tables.scales[knot * layout.channels() + 3] = static_cast<uint8_t>(100 - 8 * knot);
  }
  tables.shifts[BandOf(20) * kShiftsPerBand + ShiftIndex(1, 2, 4)] = -7;
  const Prior prior(layout, tables);
  EXPECT_EQ(prior.Scale(20, 3, 2, 0), 80);
  EXPECT_EQ(prior.Scale(20, 3, 2, 4), 73);
  EXPECT_EQ(prior.Scale(16, 3, 1, 0), 84);
  EXPECT_EQ(prior.Scale(0, 3, 1, 0), 100);
  EXPECT_EQ(prior.Scale(-16, 3, 1, 0), 116);  // steps shrink by a tenth of an octave per QP
  EXPECT_EQ(prior.Scale(79, 3, 1, 0), 100 - 63 - 16);
}

TEST(Prior, NothingIsCodedBehindTheDepth) {
  const Layout layout(kBottleneck, kDetail);
  const Prior prior(layout, FlatTables(layout, 40));
  std::vector<uint8_t> indices(layout.symbols(), 99);
  prior.FillIndices(30, 2, 0, 0, kBottleneck, indices.data());
  prior.FillIndices(30, 2, 0, kBottleneck, layout.symbols(), indices.data() + kBottleneck);
  for (int i = 0; i < layout.symbols(); ++i) {
    EXPECT_EQ(indices[i], i < layout.GroupEnd(1) ? 20 : 0) << i;
  }
}

TEST(TileGrid, TilesOutsideAreStoodInForByTheNearest) {
  TilePositions around;
  EXPECT_FALSE(FindNeighbours(3, 0, 0, &around));
  ASSERT_TRUE(FindNeighbours(3, 0, 2, &around));
  for (const TilePosition& p : around) EXPECT_EQ(p, TilePosition(0, 1));
  ASSERT_TRUE(FindNeighbours(3, 1, 0, &around));
  EXPECT_EQ(around, (TilePositions{{{0, 0}, {0, 0}, {0, 0}, {0, 1}}}));
  ASSERT_TRUE(FindNeighbours(3, 1, 2, &around));
  EXPECT_EQ(around, (TilePositions{{{1, 1}, {0, 2}, {0, 1}, {0, 2}}}));
}

TEST(Prior, PredictsTheFirstLatentsByTheTable) {
  const Layout layout(kBottleneck, kDetail);
  PriorTables tables = FlatTables(layout, 40);
  tables.low[(2 * kNeighbours + 1) * kLow + 5] = 64;  // latent 2 from latent 5 above
  const Prior prior(layout, tables);
  int16_t values[kNeighbours][kLow] = {};
  values[1][5] = -301;
  int16_t expected[kLow];
  prior.PredictLow({values[0], values[1], values[2], values[3]}, expected);
  EXPECT_EQ(expected[2], -150);  // rounded half up
  EXPECT_EQ(expected[1], 0);
}

}  // namespace
}  // namespace furl::squeeze
