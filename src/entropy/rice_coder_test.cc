#include "entropy/rice_coder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <utility>

namespace furl {
namespace {

TEST(RawBits, ReadsWhatWasWritten) {
  std::mt19937 random(1);
  std::vector<std::pair<uint32_t, int>> values;
  RawBitWriter writer;
  for (int i = 0; i < 1000; ++i) {
    const auto bits = static_cast<int>(random() % 33);
    const auto value = static_cast<uint32_t>(uint64_t{random()} & ((uint64_t{1} << bits) - 1));
    values.emplace_back(value, bits);
    writer.Put(value, bits);
  }
  const std::vector<uint8_t> bytes = writer.Finish();
  RawBitReader reader(bytes);
  for (const auto& [value, bits] : values) EXPECT_EQ(reader.Get(bits), value);
  EXPECT_TRUE(reader.AtEnd());
  EXPECT_FALSE(reader.overrun());
  EXPECT_EQ(reader.Get(8), 0u);
  EXPECT_TRUE(reader.overrun());
}

TEST(RawBits, TheEndIsWhereItIs) {
  const std::vector<uint8_t> bytes = {0xf0, 0x01};
  RawBitReader reader(bytes);
  EXPECT_EQ(reader.CountOnes(20), 4);
  EXPECT_FALSE(reader.AtEnd());
  reader.Get(3);
  EXPECT_FALSE(reader.AtEnd()) << "a byte is left, and a one in it";
  reader.Get(8);
  EXPECT_TRUE(reader.AtEnd());
}

// Small means, large ones, and what escapes.
TEST(RiceCoder, ReadsWhatWasWritten) {
  std::mt19937 random(2);
  std::vector<uint32_t> values = {0, 1, 65535, 0, 0, 65535, 65534};
  for (const uint32_t range : {2u, 10u, 1000u, 65536u}) {
    for (int i = 0; i < 200; ++i) values.push_back(random() % range);
  }
  RawBitWriter writer;
  RiceModel model;
  for (const uint32_t v : values) CodeRice(writer, model, v);
  const std::vector<uint8_t> bytes = writer.Finish();
  RawBitReader reader(bytes);
  RiceModel same;
  for (const uint32_t v : values) EXPECT_EQ(CodeRice(reader, same, 0), v);
  EXPECT_TRUE(reader.AtEnd());
}

// Within a quarter of a bit of the entropy of the law that the codes are made for.
TEST(RiceCoder, GeometricNumbersCostTheirEntropy) {
  std::mt19937 random(3);
  for (const double mean : {0.5, 3.0, 40.0}) {
    const double p = 1 / (1 + mean);
    std::geometric_distribution<uint32_t> law(p);
    RawBitWriter writer;
    RiceModel model;
    constexpr int kCount = 20000;
    for (int i = 0; i < kCount; ++i) CodeRice(writer, model, law(random));
    const double bits = 8.0 * static_cast<double>(writer.Finish().size()) / kCount;
    const double entropy = -std::log2(p) - mean * std::log2(1 - p);
    EXPECT_LT(bits, entropy + 0.25) << mean;
  }
}

}  // namespace
}  // namespace furl
