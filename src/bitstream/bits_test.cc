#include "bitstream/bits.h"

#include <gtest/gtest.h>

#include <random>

#include "bitstream/bitstream_test_util.h"
#include "bitstream/checksum.h"

namespace furl {
namespace {

TEST(Bits, RoundTripOfAnyMixture) {
  for (uint32_t seed = 0; seed < 500; ++seed) {
    std::mt19937 rng(seed);
    BitWriter writer;
    std::vector<std::pair<int, uint64_t>> script;  // (bits, or -1 varint, -2 align; value)
    for (int i = 0; i < 50; ++i) {
      const int kind = static_cast<int>(rng() % 40) - 7;
      uint64_t value = RandomOfAnySize(rng, UINT64_MAX);
      if (kind == -2) {
        writer.Align();
      } else if (kind < 0) {
        writer.Varint(value);
      } else {
        value &= (uint64_t{1} << kind) - 1;
        writer.Bits(static_cast<uint32_t>(value), kind);
      }
      script.emplace_back(kind, value);
    }
    BitReader reader(writer.bytes());
    for (auto [kind, value] : script) {
      if (kind == -2) {
        reader.Align();
      } else {
        ASSERT_EQ(kind < 0 ? reader.Varint() : reader.Bits(kind), value) << seed;
      }
    }
    EXPECT_FALSE(reader.failed());
    EXPECT_EQ(reader.remaining(), 0u);
    reader.Align();
    EXPECT_EQ(reader.Bits(1), 0u);
    EXPECT_TRUE(reader.failed());
  }
}

TEST(Bits, LayoutIsAsDocumented) {
  BitWriter writer;
  writer.Bits(5, 3);
  writer.Bits(1, 2);
  writer.Align();
  writer.Varint(300);
  writer.Uint16(0x1234);
  writer.Uint32(0x89abcdef);
  EXPECT_EQ(writer.Take(),
            (std::vector<uint8_t>{0b10101000, 0xac, 0x02, 0x34, 0x12, 0xef, 0xcd, 0xab, 0x89}));
}

TEST(Bits, MalformedVarintsAreRefused) {
  auto fails = [](std::vector<uint8_t> bytes) {
    BitReader reader(bytes);
    reader.Varint();
    return reader.failed();
  };
  EXPECT_FALSE(fails({0}));
  EXPECT_FALSE(fails({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}));
  EXPECT_TRUE(fails({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2}));
  EXPECT_TRUE(fails(std::vector<uint8_t>(11, 0x80)));
  EXPECT_TRUE(fails({0x80, 0}));  // longer than needed
  EXPECT_TRUE(fails({0x80}));     // truncated
  EXPECT_TRUE(fails({}));
}

TEST(Bits, PaddingMustBeZero) {
  const std::vector<uint8_t> bytes = {0x81};
  BitReader reader(bytes);
  reader.Bits(1);
  reader.Align();
  EXPECT_TRUE(reader.failed());
}

TEST(Bits, ZigZagOfExtremes) {
  EXPECT_EQ(ZigZag(0), 0u);
  EXPECT_EQ(ZigZag(-1), 1u);
  EXPECT_EQ(ZigZag(1), 2u);
  for (int64_t v : {int64_t{0}, int64_t{-1}, int64_t{77}, INT64_MAX, INT64_MIN}) {
    EXPECT_EQ(UnZigZag(ZigZag(v)), v);
  }
}

TEST(Checksum, KnownValues) {
  const std::string text = "123456789";
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  EXPECT_EQ(Crc16(bytes), 0x29b1);  // CRC-16/IBM-3740
  EXPECT_EQ(Crc8(bytes), 0xfb);
}

}  // namespace
}  // namespace furl
