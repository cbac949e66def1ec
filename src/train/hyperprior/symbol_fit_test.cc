#include "train/hyperprior/symbol_fit.h"

#include <gtest/gtest.h>

#include "entropy/symbol_tables.h"
#include "train/hyperprior/symbol_statistics.h"

namespace furl::train::hyperprior {
namespace {

TEST(Calibrate, TablesAreValidEvenWithoutSymbols) {
  const auto tables = SymbolTables::Create(SymbolStatistics().Frequencies());
  ASSERT_TRUE(tables.ok()) << tables.status().message();
  // Rare symbols share the escape where there is hardly anything but zeros.
  EXPECT_LT((*tables)->reach(1), 4);
  EXPECT_EQ((*tables)->reach(27), 15);
}

TEST(Calibrate, RowsFollowTheirCounts) {
  SymbolRow counts{};
  counts[15] = 90000;  // q = 0
  counts[16] = 6000;   // 1
  counts[14] = 4000;   // -1
  const auto row = FitRow(counts, 8);
  EXPECT_NEAR(row[15], 0.9 * kFrequencySum, 40);
  EXPECT_NEAR(row[16], row[14], 1) << "signs carry no information";
  int sum = 0;
  for (const int f : row) sum += f;
  EXPECT_EQ(sum, kFrequencySum);
  // Where the zero's bin is half as wide there are fewer zeros.
  const auto first = FitRow({}, SymbolTables::Row(0, 14));
  const auto second = FitRow({}, SymbolTables::Row(1, 14));
  EXPECT_LT(second[15], 0.8 * first[15]);
}

}  // namespace
}  // namespace furl::train::hyperprior
