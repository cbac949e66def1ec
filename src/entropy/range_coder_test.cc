#include "entropy/range_coder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "entropy/adaptive_symbols.h"

namespace furl {
namespace {

double Entropy(double p) { return -p * std::log2(p) - (1 - p) * std::log2(1 - p); }

TEST(AdaptiveBit, StaysInsideItsBoundsForever) {
  for (bool bit : {false, true}) {
    for (uint32_t start : {0u, 1u, 32768u, 65535u, 70000u}) {
      AdaptiveBit model(start, 126);
      for (int i = 0; i < 5000; ++i) model.Update(bit);
      EXPECT_EQ(model.p_zero() < 1000, bit);
      EXPECT_EQ(model.p_zero() > 64535, !bit);
      EXPECT_GE(model.p_zero(), AdaptiveBit::kMin);
      EXPECT_LE(model.p_zero(), AdaptiveBit::kOne - AdaptiveBit::kMin);
    }
  }
}

TEST(AdaptiveBit, CostIsLogarithm) {
  for (uint32_t p = 0; p < 65536; p += 7) {
    const AdaptiveBit model(p);
    const double exact = -256 * std::log2(model.p_zero() / 65536.0);
    EXPECT_NEAR(BitCost(model, false), exact, 2.0) << p;
    const double other = -256 * std::log2(1 - model.p_zero() / 65536.0);
    EXPECT_NEAR(BitCost(model, true), other, 2.0) << p;
  }
}

TEST(RangeCoder, NothingCostsNothing) {
  EXPECT_TRUE(RangeEncoder().Finish().empty());
  EXPECT_TRUE(RangeDecoder({}).Close().ok());
  // All zeros, however many, is an empty stream too.
  RangeEncoder encoder;
  AdaptiveBit model;
  for (int i = 0; i < 1000; ++i) encoder.EncodeBit(&model, false);
  encoder.EncodeRaw(0, 32);
  EXPECT_TRUE(encoder.Finish().empty());
  RangeDecoder decoder({});
  AdaptiveBit same;
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(decoder.DecodeBit(&same));
  EXPECT_EQ(decoder.DecodeRaw(32), 0u);
  EXPECT_TRUE(decoder.Close().ok());
}

// A random script of operations, long and short, with skewed bits; values that
// make carries likely are part of it.
TEST(RangeCoder, RoundTripAndExactLength) {
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    std::mt19937 rng(seed);
    const int count = seed % 40 == 0 ? 5000 : static_cast<int>(rng() % 60);
    const double p_one = std::pow(2.0, -static_cast<double>(rng() % 12));
    std::vector<std::pair<int, uint32_t>> script;  // (raw bits or -1, value)
    for (int i = 0; i < count; ++i) {
      if (rng() % 4 == 0) {
        const int bits = static_cast<int>(rng() % 33);
        uint32_t value = seed % 3 == 0 ? 0xffffffff : rng();
        if (bits < 32) value &= (1u << bits) - 1;
        script.emplace_back(bits, value);
      } else {
        script.emplace_back(-1, rng() < p_one * 4294967295.0);
      }
    }
    RangeEncoder encoder;
    AdaptiveBit model;
    double ideal = 0;
    for (auto [bits, value] : script) {
      if (bits < 0) {
        ideal += BitCost(model, value) / 256.0;
        encoder.EncodeBit(&model, value);
      } else {
        ideal += bits;
        encoder.EncodeRaw(value, bits);
      }
    }
    const std::vector<uint8_t> bytes = encoder.Finish();
    EXPECT_LE(bytes.size() * 8.0, ideal * 1.001 + 9) << seed;
    RangeDecoder decoder(bytes);
    AdaptiveBit same;
    for (auto [bits, value] : script) {
      const uint32_t got = bits < 0 ? decoder.DecodeBit(&same) : decoder.DecodeRaw(bits);
      ASSERT_EQ(got, value) << seed;
    }
    EXPECT_TRUE(decoder.Close().ok()) << seed << ": " << decoder.Close().message();
  }
}

TEST(RangeCoder, ReachesTheEntropy) {
  std::mt19937 rng(5);
  for (double p : {0.5, 0.8, 0.95, 0.99, 0.999}) {
    RangeEncoder encoder;
    AdaptiveBit model(static_cast<uint32_t>(p * 65536), 126);
    const int count = 200000;
    int ones = 0;
    for (int i = 0; i < count; ++i) {
      const bool bit = rng() >= p * 4294967296.0;
      ones += bit;
      encoder.EncodeBit(&model, bit);
    }
    const double bits = encoder.Finish().size() * 8.0;
    // Learning for ever has a price; it is largest for rare events.
    const double ideal = count * Entropy(static_cast<double>(ones) / count);
    EXPECT_LT(bits, ideal * (p > 0.9 ? 1.10 : 1.02)) << p << ": " << bits / ideal;
  }
}

TEST(RangeCoder, CloseNoticesMissingAndSuperfluousBytes) {
  std::mt19937 rng(9);
  RangeEncoder encoder;
  std::vector<uint32_t> values(50);
  for (uint32_t& v : values) encoder.EncodeRaw(v = rng(), 32);
  const std::vector<uint8_t> bytes = encoder.Finish();
  auto decode = [&](std::span<const uint8_t> data) {
    RangeDecoder decoder(data);
    for (size_t i = 0; i < values.size(); ++i) decoder.DecodeRaw(32);
    return decoder.Close().code();
  };
  EXPECT_EQ(decode(bytes), StatusCode::kOk);
  for (size_t n = 1; n + 1 < bytes.size(); ++n) {
    EXPECT_EQ(decode(std::span(bytes).first(n)), StatusCode::kInvalidStream) << n;
  }
  std::vector<uint8_t> longer = bytes;
  longer.insert(longer.end(), 2, 0);
  EXPECT_EQ(decode(longer), StatusCode::kInvalidStream);
}

TEST(RangeCoder, RandomBytesNeverMisbehave) {
  std::mt19937 rng(11);
  for (int round = 0; round < 2000; ++round) {
    std::vector<uint8_t> bytes(rng() % 20);
    for (uint8_t& b : bytes) b = round % 3 == 0 ? 0xff : static_cast<uint8_t>(rng());
    RangeDecoder decoder(bytes);
    AdaptiveBit model;
    ExpGolombModel<> numbers;
    TreeModel<11> tree;
    SignedModel<> vector;
    for (int i = 0; i < 100; ++i) {
      decoder.DecodeBit(&model);
      decoder.DecodeRaw(static_cast<int>(rng() % 33));
      EXPECT_LE(CodeExpGolomb(decoder, numbers, 0), 65534u);
      const int symbol = CodeTree(decoder, tree, 0);
      EXPECT_TRUE(symbol >= 0 && symbol < 11);
      EXPECT_LE(std::abs(CodeSigned(decoder, vector, 0)), 65535);
    }
    EXPECT_EQ(decoder.overrun(), !bytes.empty());
  }
}

// All symbol kinds, both ways, and the counted cost against the real length.
template <typename Coder>
bool CodeAll(Coder& coder, const std::vector<int>& values) {
  UnaryModel<5> unary;
  TreeModel<2> two;
  TreeModel<6> six;
  TreeModel<256> bytes;
  ExpGolombModel<15> numbers;
  ExpGolombModel<30> large;
  SignedModel<15> vector;
  bool same = true;
  for (int v : values) {
    same &= CodeUnary(coder, unary, v % 6) == v % 6;
    same &= CodeTree(coder, two, v % 2) == v % 2;
    same &= CodeTree(coder, six, v % 6) == v % 6;
    same &= CodeTree(coder, bytes, v % 256) == v % 256;
    same &= CodeExpGolomb(coder, numbers, v % 65535) == static_cast<uint32_t>(v % 65535);
    same &= CodeExpGolomb(coder, large, v) == static_cast<uint32_t>(v);
    same &= CodeSigned(coder, vector, v % 65536) == v % 65536;
    same &= CodeSigned(coder, vector, -(v % 100)) == -(v % 100);
  }
  return same;
}

TEST(AdaptiveSymbols, RoundTripOnRandomAndExtremeValues) {
  std::mt19937 rng(3);
  std::vector<int> values = {0, 1, 5, 65534, 65535, 2147483646};
  for (int i = 0; i < 2000; ++i) {
    values.push_back(static_cast<int>(rng() >> (1 + rng() % 31)) & 0x7ffffffe);
  }
  RangeEncoder encoder;
  CodeAll(encoder, values);
  const std::vector<uint8_t> bytes = encoder.Finish();
  RangeDecoder decoder(bytes);
  EXPECT_TRUE(CodeAll(decoder, values));
  EXPECT_TRUE(decoder.Close().ok());
}

TEST(AdaptiveSymbols, CostOfOneSymbolIsItsLength) {
  std::mt19937 rng(4);
  TreeModel<9> tree;
  ExpGolombModel<> numbers;
  RangeEncoder encoder;
  CostCounter counter;
  for (int i = 0; i < 4000; ++i) {
    const int symbol = static_cast<int>(rng() % 9 * (rng() % 2));
    const uint32_t number = rng() % 40;
    CodeTree(counter, tree, symbol);
    CodeExpGolomb(counter, numbers, number);
    CodeTree(encoder, tree, symbol);
    CodeExpGolomb(encoder, numbers, number);
  }
  EXPECT_NEAR(encoder.Finish().size() * 8.0, counter.cost / 256.0, counter.cost / 256.0 * 0.002);
}

}  // namespace
}  // namespace furl
