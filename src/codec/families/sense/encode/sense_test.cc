#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <set>

#include "codec/families/sense/block_transform.h"
#include "codec/families/sense/encode/block_measurer.h"
#include "codec/families/sense/measurement_plan.h"
#include "codec/families/sense/measurement_syntax.h"
#include "image/coding_scales.h"

namespace furl::sense {
namespace {

TEST(BlockTransform, MeasuresWithTheMatrix) {
  std::mt19937 random(1);
  int16_t block[kLumaSamples];
  int16_t copy[kLumaSamples];
  int16_t measured[kMostLuma];
  for (const int side : {16, 8}) {
    for (int i = 0; i < side * side; ++i) {
      block[i] = copy[i] = static_cast<int16_t>(random() % 256) - 128;
    }
    side == 16 ? MeasureLuma(block, 8, measured) : MeasureChroma(block, 8, measured);
    for (int row = 0; row < (side == 16 ? kMostLuma : kMostChroma); ++row) {
      int sum = 0;
      for (int i = 0; i < side * side; ++i) {
        sum += copy[i] * MatrixEntry(side, row, i % side, i / side);
      }
      EXPECT_EQ(measured[row], side == 16 ? sum : 2 * sum) << side << " row " << row;
    }
  }
}

// The extremes fit, and ten bits measure as eight of the same picture.
TEST(BlockTransform, TheRangeFits) {
  for (const int depth : {8, 10}) {
    for (const int value : {-(1 << (depth - 1)), (1 << (depth - 1)) - 1}) {
      int16_t block[kLumaSamples];
      int16_t measured[kMostLuma];
      std::fill_n(block, kLumaSamples, static_cast<int16_t>(value));
      MeasureLuma(block, depth, measured);
      EXPECT_NEAR(measured[0], 256.0 * value / (1 << (depth - 8)), 256);
      for (int i = 1; i < kMostLuma; ++i) EXPECT_EQ(measured[i], 0);
    }
  }
}

// Rows are orthogonal, and the first have the fewest changes of sign.
TEST(BlockTransform, RowsAreOrthogonalAndLowFirst) {
  for (int a = 0; a < kMostLuma; ++a) {
    for (int b = 0; b <= a; ++b) {
      int product = 0;
      for (int i = 0; i < kLumaSamples; ++i) {
        product += MatrixEntry(16, a, i % 16, i / 16) * MatrixEntry(16, b, i % 16, i / 16);
      }
      EXPECT_EQ(product, a == b ? kLumaSamples : 0);
    }
  }
  for (int x = 0; x < 16; ++x) EXPECT_EQ(MatrixEntry(16, 0, x, 5), 1);
}

TEST(MeasurementPlan, FromAQuarterToAFiftieth) {
  EXPECT_EQ(LumaCount(kMinQp), kMostLuma);
  EXPECT_EQ(LumaCount(kMaxQp), kFewestLuma);
  for (int qp = kMinQp; qp <= kMaxQp; ++qp) {
    const MeasurementPlan plan = PlanOf(qp, 0);
    EXPECT_GE(plan.step, 1);
    if (qp == kMinQp) continue;
    EXPECT_LE(LumaCount(qp), LumaCount(qp - 1)) << qp;
    EXPECT_GE(plan.step, PlanOf(qp - 1, 0).step) << qp;
  }
}

std::set<int> LumaRows(int qp, int age) {
  const MeasurementPlan plan = PlanOf(qp, age);
  return {plan.luma.begin(), plan.luma.begin() + plan.luma_count};
}

// Every row in reach has its turn, soon, and the rows of a frame rise.
TEST(MeasurementPlan, RowsTakeTurns) {
  for (const int qp : {16, 30, 45, 60, kMaxQp}) {
    const int count = LumaCount(qp);
    std::set<int> seen;
    for (int age = 0; age < 6; ++age) {
      const MeasurementPlan plan = PlanOf(qp, age);
      EXPECT_EQ(plan.luma_count, count);
      EXPECT_EQ(plan.luma[0], 0);
      EXPECT_EQ(plan.chroma[0], 0);
      for (int i = 1; i < count; ++i) EXPECT_LT(plan.luma[i - 1], plan.luma[i]);
      seen.merge(LumaRows(qp, age));
    }
    EXPECT_EQ(static_cast<int>(seen.size()), std::min(2 * count, kMostLuma)) << qp;
  }
}

// A frame measures of what the one before left out, also the first after a key frame: what stands
// still gains by every frame.
TEST(MeasurementPlan, FramesComplementTheOneBefore) {
  for (const int qp : {16, 30, 45, 60, kMaxQp}) {
    const int count = LumaCount(qp);
    const int places = count - count * 3 / 4;
    const int beyond = std::min(2 * count, kMostLuma) - count;
    for (int age = 1; age < 64; ++age) {
      std::set<int> both = LumaRows(qp, age - 1);
      both.merge(LumaRows(qp, age));
      EXPECT_EQ(static_cast<int>(both.size()), count + std::min(places, beyond))
          << qp << " " << age;
    }
  }
}

// Quantized measurements are within a step of what was measured, at edges too.
TEST(BlockMeasurer, StaysWithinAStep) {
  std::mt19937 random(2);
  uint8_t samples[20 * 20];
  for (uint8_t& s : samples) s = static_cast<uint8_t>(random());
  BlockRow<uint8_t> row;
  for (int p = 0; p < 3; ++p) {
    row.planes[p] = samples;
    row.strides[p] = 20;
  }
  row.width = 20;
  row.lines = 11;
  for (const int qp : {kMinQp, 0, 25, kMaxQp}) {
    const MeasurementPlan plan = PlanOf(qp, 0);
    BlockSymbols symbols;
    BlockMeasurer(plan, 8).Measure(row, 1, &symbols);
    for (int i = 0; i < plan.luma_count; ++i) {
      int sum = 0;
      for (int y = 0; y < 16; ++y) {
        for (int x = 0; x < 16; ++x) {
          const int sample = samples[std::min(y, 10) * 20 + std::min(16 + x, 19)];
          sum += (sample - 128) * MatrixEntry(16, plan.luma[i], x, y);
        }
      }
      EXPECT_LE(std::abs(sum - symbols.luma[i] * plan.step), plan.step) << qp << " " << i;
    }
  }
}

TEST(MeasurementSyntax, ReadsWhatItWrote) {
  std::mt19937 random(3);
  for (const int qp : {kMinQp, 20, kMaxQp}) {
    const MeasurementPlan plan = PlanOf(qp, 3);
    std::vector<BlockSymbols> blocks(40);
    for (BlockSymbols& block : blocks) {
      const int busy = static_cast<int>(random() % 4);
      const auto draw = [&](int i) {
        const int spread = busy == 0 ? 1 : 1 + 400 / (1 + i * i);
        return static_cast<int16_t>(static_cast<int>(random() % (2 * spread)) - spread);
      };
      for (int i = 0; i < plan.luma_count; ++i) block.luma[i] = draw(i);
      for (int i = 0; i < plan.chroma_count; ++i) block.chroma[random() % 2][i] = draw(i);
    }
    RawBitWriter bits;
    BlockCoding<RawBitWriter> writer(plan, &bits);
    for (size_t i = 0; i < blocks.size(); ++i) {
      BlockSymbols copy = blocks[i];
      writer.Code(static_cast<int>(i % 8), &copy);
    }
    const std::vector<uint8_t> bytes = bits.Finish();
    RawBitReader back(bytes);
    BlockCoding<RawBitReader> reader(plan, &back);
    for (size_t i = 0; i < blocks.size(); ++i) {
      BlockSymbols read;
      reader.Code(static_cast<int>(i % 8), &read);
      EXPECT_EQ(std::memcmp(&read, &blocks[i], sizeof(read)), 0) << qp << " block " << i;
    }
    EXPECT_TRUE(back.AtEnd());
  }
}

}  // namespace
}  // namespace furl::sense
