#include "bitstream/user_data.h"

#include <gtest/gtest.h>

#include <limits>

namespace furl {
namespace {

const std::vector<uint8_t> kBytes = {0, 0, 1, 2, 3};

TEST(UserDataTest, HeadersComeBack) {
  const auto message = WriteUserData(UserDataHeader{kBytes});
  const auto parsed = ParseUserData(message).value();
  const auto& header = std::get<UserDataHeader>(parsed);
  EXPECT_TRUE(std::ranges::equal(header.sequence_header, kBytes));
}

TEST(UserDataTest, PacketsComeBack) {
  constexpr int64_t kFar = std::numeric_limits<int64_t>::max();
  for (const int64_t since : {int64_t{0}, int64_t{-3}, int64_t{16}, kFar, -kFar - 1}) {
    for (const bool key : {false, true}) {
      const auto message = WriteUserData(UserDataPacket{kBytes, since, kFar, key});
      const auto parsed = ParseUserData(message).value();
      const auto& packet = std::get<UserDataPacket>(parsed);
      EXPECT_EQ(packet.since_unit, since);
      EXPECT_EQ(packet.duration, kFar);
      EXPECT_EQ(packet.key, key);
      EXPECT_TRUE(std::ranges::equal(packet.data, kBytes));
    }
  }
}

TEST(UserDataTest, WrongBitsAreSeen) {
  const auto message = WriteUserData(UserDataPacket{kBytes, -2, 300, false});
  const size_t head = message.size() - kBytes.size();  // the packet has its own checksum
  for (size_t bit = 0; bit < 8 * head; ++bit) {
    auto hurt = message;
    hurt[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    const auto parsed = ParseUserData(hurt);
    // A kind that is another is a header at worst, which has its own checksum as well.
    if (parsed.ok()) {
      EXPECT_TRUE(std::holds_alternative<UserDataHeader>(*parsed)) << bit;
    }
  }
}

TEST(UserDataTest, WhatIsCutOffIsRefused) {
  const auto message = WriteUserData(UserDataPacket{kBytes, 5, 1, true});
  for (size_t size = 0; size <= message.size() - kBytes.size(); ++size) {
    EXPECT_EQ(ParseUserData(std::span(message).first(size)).status().code(),
              StatusCode::kInvalidStream)
        << size;
  }
}

TEST(UserDataTest, LaterKindsAreUnsupported) {
  auto message = WriteUserData(UserDataHeader{kBytes});
  message[kUserDataUuid.size()] = 3;
  EXPECT_EQ(ParseUserData(message).status().code(), StatusCode::kUnsupported);
  EXPECT_TRUE(IsUserData(message));
  message[0] ^= 1;
  EXPECT_FALSE(IsUserData(message));
}

}  // namespace
}  // namespace furl
