#include "entropy/bit_account.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "entropy/adaptive_symbols.h"

namespace furl {
namespace {

TEST(BitAccount, ABlockLargerThanSixteenIsSharedByThoseInsideThePicture) {
  BitAccount account(3, 2);
  account.Add(0, 0, 64, 605);  // covers all six
  for (int row = 0; row < 2; ++row) {
    for (int col = 0; col < 3; ++col)
      EXPECT_NEAR(static_cast<double>(account.At(col, row)), 100.8, 1);
  }
  EXPECT_EQ(account.total(), 605u);
  account.Add(40, 24, 8, 7);
  EXPECT_EQ(account.At(2, 1), 101u + 7u);
  account.AddWhole(3);
  EXPECT_EQ(account.whole(), 3u);
  EXPECT_EQ(account.total(), 615u);
}

// Bits of uneven models, raw bits and parts: what is charged in pieces adds up to the bytes.
TEST(RangeMeter, ChargesAddUpToWhatWasWritten) {
  std::mt19937 random(1);
  RangeEncoder encoder;
  AdaptiveBit model;
  CostCounter cost;
  constexpr int kCount = 5000;
  std::vector<bool> bits;
  for (int i = 0; i < kCount; ++i) {
    bits.push_back(random() % 10 == 0);
    CodeBit(cost, model, bits.back());
    CodeBit(encoder, model, bits.back());
    CodeRaw(encoder, random() & 31, 5);
    CodeRaw(cost, 0, 5);
  }
  const std::vector<uint8_t> bytes = encoder.Finish();

  RangeDecoder decoder(bytes);
  BitAccount account(kCount, 1);
  RangeMeter meter(decoder, &account);
  AdaptiveBit again;
  for (int i = 0; i < kCount; ++i) {
    ASSERT_EQ(decoder.DecodeBit(&again), bits[i]);
    decoder.DecodeRaw(5);
    meter.Charge(16 * i, 0, 16);
  }
  const auto total = static_cast<double>(account.total());
  EXPECT_NEAR(total, 256.0 * 8 * static_cast<double>(bytes.size()), 256 * 40);
  EXPECT_NEAR(total, static_cast<double>(cost.cost), 0.002 * total);
  // A rare bit costs more than a common one.
  uint64_t rare = 0, common = 0, rares = 0;
  for (int i = kCount / 2; i < kCount; ++i) {
    (bits[i] ? rare : common) += account.At(i, 0);
    rares += bits[i];
  }
  EXPECT_GT(rare / rares, common / (kCount / 2 - rares) + 256 * 2);
}

TEST(RangeMeter, WithoutAnAccountNothingHappens) {
  const std::vector<uint8_t> bytes = {1, 2, 3, 4, 5, 6, 7, 8};
  RangeDecoder decoder(bytes);
  RangeMeter meter(decoder, nullptr);
  decoder.DecodeRaw(9);
  meter.Charge(0, 0, 16);
  meter.ChargeWhole();
}

}  // namespace
}  // namespace furl
