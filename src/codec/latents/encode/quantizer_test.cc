// Unit tests of the encoder's choice of symbols and of their counts.

#include "codec/latents/encode/quantizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <random>

#include "codec/latents/encode/symbol_counts.h"
#include "codec/latents/encode/trellis.h"

namespace furl::latents {
namespace {

// Laplace-like tables and reconstructions without shrinkage.
struct Tables {
  explicit Tables(int quantizers = 1);

  Reconstruction reconstruction() const { return {tables->quantizers(), shrink}; }
  SymbolCosts costs() const { return {*tables, reconstruction()}; }
  std::vector<int16_t> Quantize(int run, std::span<const uint8_t> indices,
                                std::span<const int32_t> distance64, bool optimize) const {
    std::vector<int16_t> q;
    QuantizeRuns(*tables, reconstruction(), {run}, indices, distance64, optimize, &q);
    return q;
  }

  std::shared_ptr<const SymbolTables> tables;
  std::vector<int8_t> shrink;
};

Tables::Tables(int quantizers) {
  std::vector<uint16_t> frequencies;
  for (int s = 0; s < quantizers * SymbolTables::kScales; ++s) {
    std::vector<uint16_t> row(32, 1);
    int left = 4096 - 32;
    for (int k = 0; k < 8; ++k) {
      const int part = left / 4;
      row[15 + k] += part;
      row[15 - k] += part;
      left -= 2 * part;
    }
    row[15] += left;
    frequencies.insert(frequencies.end(), row.begin(), row.end());
  }
  tables = SymbolTables::Create(frequencies).value();
  shrink.assign(quantizers * 128, 0);
}

TEST(Quantizer, RoundsToNearestAndPrefersCheapSymbols) {
  const Tables tables;
  constexpr int kRun = 64;
  const std::vector<uint8_t> indices(kRun, 20);
  for (int distance : {-620, -256, -38, 0, 25, 38, 90, 608}) {
    const std::vector<int32_t> distances(kRun, distance);
    const std::vector<int16_t> q = tables.Quantize(kRun, indices, distances, false);
    const std::vector<int16_t> cheap = tables.Quantize(kRun, indices, distances, true);
    ASSERT_EQ(q.size(), indices.size());
    const int nearest = static_cast<int>(std::lround(distance / 64.0));
    EXPECT_EQ(q[0], nearest) << distance;
    EXPECT_LE(std::abs(cheap[0]), std::abs(nearest));
    EXPECT_GE(cheap[0] * nearest, 0);
  }
}

TEST(Quantizer, ScaleIndexZeroMeansNothingIsCoded) {
  for (const int quantizers : {1, 2}) {
    const Tables tables(quantizers);
    constexpr int kRun = 64;
    std::vector<uint8_t> indices(3 * kRun, 0);
    indices[kRun + 2] = 9;
    const std::vector<int32_t> distance(indices.size(), 500);
    const std::vector<int16_t> q = tables.Quantize(kRun, indices, distance, true);
    for (size_t i = 0; i < q.size(); ++i) EXPECT_EQ(q[i] != 0, indices[i] != 0);
  }
}

// Cost of a run's symbols by the definition; INT64_MAX where the index forbids one.
int64_t RunCost(const Tables& tables, std::span<const uint8_t> indices,
                std::span<const int32_t> distance, std::span<const int16_t> q,
                std::span<const uint8_t> weights, bool bits) {
  const SymbolCosts costs = tables.costs();
  QuantizerState state;
  int64_t sum = 0;
  for (size_t c = 0; c < q.size(); ++c) {
    if (indices[c] == 0) continue;
    const int quantizer = state.quantizer();
    sum += bits ? costs.Of({distance[c], weights[c]}, quantizer, indices[c], q[c])
                : costs.ErrorOf({distance[c], weights[c]}, quantizer, indices[c], q[c]);
    state = state.After(q[c]);
  }
  return sum;
}

// Against all sequences of small symbols.
TEST(Trellis, FindsTheCheapestRun) {
  const Tables tables(2);
  std::mt19937 random(11);
  constexpr int kLength = 5;
  constexpr int kReach = 3;
  for (int round = 0; round < 200; ++round) {
    std::vector<int32_t> distance(kLength);
    std::vector<uint8_t> indices(kLength);
    std::vector<uint8_t> weights(kLength);
    for (int c = 0; c < kLength; ++c) {
      distance[c] = static_cast<int>(random() % 260) - 130;
      weights[c] = round % 4 < 2 ? kUnitWeight : static_cast<uint8_t>(13 + random() % 93);
      indices[c] = random() % 4 == 0 ? 0 : 20;
    }
    const bool bits = round % 2 == 0;
    std::vector<int16_t> found(kLength);
    Trellis(tables.costs()).Quantize(distance, indices, weights, bits, found.data());
    int64_t least = INT64_MAX;
    std::vector<int16_t> q(kLength);
    for (int code = 0; code < static_cast<int>(std::pow(kReach + 1, kLength)); ++code) {
      for (int c = 0, rest = code; c < kLength; ++c, rest /= kReach + 1) {
        const int magnitude = indices[c] == 0 ? 0 : rest % (kReach + 1);
        q[c] = static_cast<int16_t>(distance[c] < 0 ? -magnitude : magnitude);
      }
      least = std::min(least, RunCost(tables, indices, distance, q, weights, bits));
    }
    const int64_t cost = RunCost(tables, indices, distance, found, weights, bits);
    // Latents very near their mean are 0 without a search.
    EXPECT_LE(cost, least + (bits ? least / 50 : 100 * 20 * 20 * kLength)) << round;
    EXPECT_GE(cost, least);
  }
}

// On fine noise two quantizers together beat one of the same step clearly.
TEST(Trellis, IsFinerThanItsQuantizers) {
  const Tables one(1);
  const Tables two(2);
  constexpr int kRun = 64;
  std::mt19937 random(12);
  const std::vector<uint8_t> indices(kRun, 20);
  const std::vector<uint8_t> weights(kRun, kUnitWeight);
  int64_t error[2] = {0, 0};
  for (int round = 0; round < 50; ++round) {
    std::vector<int32_t> distance(kRun);
    for (int32_t& d : distance) d = static_cast<int>(random() % 1000) - 500;
    std::vector<int16_t> q = one.Quantize(kRun, indices, distance, false);
    error[0] += RunCost(one, indices, distance, q, weights, false);
    q = two.Quantize(kRun, indices, distance, false);
    error[1] += RunCost(two, indices, distance, q, weights, false);
  }
  EXPECT_LT(error[1], 0.6 * error[0]);
}

TEST(Statistics, CountRowsAndDistances) {
  SymbolCounts counts;
  const std::vector<uint8_t> indices = {9, 0, 9, 9, 40};
  const std::vector<int16_t> q = {1, 0, -2, 0, 200};
  const std::vector<int32_t> distance = {60, 500, -90, 5, 12790};
  counts.Add(indices, 5, q, distance, 2);
  // States 0, 2, 1, 2: quantizers 0, 1, 0, 1.
  const RowCounts& first = counts.row(SymbolTables::Row(0, 9));
  EXPECT_EQ(first.symbols[16], 1);
  EXPECT_EQ(first.symbols[15], 1);
  EXPECT_EQ(first.nearer64[0], 4);
  const RowCounts& second = counts.row(SymbolTables::Row(1, 9));
  EXPECT_EQ(second.symbols[13], 1);
  EXPECT_EQ(second.nearer64[1], 6);  // 1.5 steps are 96
  EXPECT_EQ(counts.row(SymbolTables::Row(1, 40)).symbols[SymbolTables::kEscape], 1);
  SymbolCounts twice;
  twice.Add(counts);
  twice.Add(counts);
  EXPECT_EQ(twice.row(SymbolTables::Row(0, 9)).count[0], 2);
}

}  // namespace
}  // namespace furl::latents
