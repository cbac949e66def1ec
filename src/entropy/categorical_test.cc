#include "entropy/categorical.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace furl {
namespace {

std::vector<int16_t> RandomLogits(int count, int spread, std::mt19937* random) {
  std::vector<int16_t> logits(count);
  for (int16_t& l : logits) {
    l = static_cast<int16_t>(static_cast<int>((*random)() % (2 * spread + 1)) - spread);
  }
  return logits;
}

TEST(Categorical, PowersOfHalfAreThoseOfRealNumbers) {
  EXPECT_EQ(PowerOfHalf(0), 65535u);
  for (uint32_t n = 1; n < 65536; ++n) {
    EXPECT_NEAR(PowerOfHalf(n), 65536 * std::exp2(-static_cast<double>(n) / kLogitUnit), 1.001)
        << n;
  }
}

TEST(Categorical, PartsFillTheWholeAndFollowTheLogits) {
  std::mt19937 random(3);
  for (const int count : {1, 2, 3, 37, 256, Categorical::kMaxSymbols}) {
    for (const int spread : {0, 600, 32767}) {
      const std::vector<int16_t> logits = RandomLogits(count, spread, &random);
      Categorical law;
      law.Set(logits);
      double sum = 0;
      for (const int16_t l : logits) sum += std::exp2(l / 512.0);
      uint32_t end = 0;
      for (int i = 0; i < count; ++i) {
        EXPECT_EQ(law.start(i), end);
        EXPECT_GE(law.size(i), 1u);
        const double wanted = std::exp2(logits[i] / 512.0) / sum * 65536;
        // One for being there at all, and what rounding leaves.
        EXPECT_NEAR(law.size(i), wanted, 2 + count + wanted * count / 65536);
        EXPECT_EQ(law.SymbolAt(end), i);
        end += law.size(i);
        EXPECT_EQ(law.SymbolAt(end - 1), i);
      }
      EXPECT_EQ(end, 65536u);
    }
  }
}

TEST(Categorical, WhatIsWrittenIsReadAtItsCost) {
  std::mt19937 random(5);
  struct Coded {
    std::vector<int16_t> logits;
    int symbol;
  };
  std::vector<Coded> all;
  RangeEncoder encoder;
  double bits = 0;
  Categorical law;
  for (int i = 0; i < 3000; ++i) {
    Coded c = {RandomLogits(1 + static_cast<int>(random() % 300), 3000, &random), 0};
    law.Set(c.logits);
    c.symbol = law.SymbolAt(random() & 65535);
    bits += law.Cost(c.symbol) / 256.0;
    CodeCategorical(encoder, law, c.symbol);
    all.push_back(std::move(c));
  }
  const std::vector<uint8_t> bytes = encoder.Finish();
  EXPECT_NEAR(static_cast<double>(bytes.size()) * 8, bits, bits * 0.01);
  RangeDecoder decoder(bytes);
  for (const Coded& c : all) {
    law.Set(c.logits);
    EXPECT_EQ(CodeCategorical(decoder, law, 0), c.symbol);
  }
  EXPECT_TRUE(decoder.Close().ok());
}

}  // namespace
}  // namespace furl
