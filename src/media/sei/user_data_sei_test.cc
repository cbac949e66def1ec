#include "media/sei/user_data_sei.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "bitstream/user_data.h"
#include "media/sei/nal_units.h"

namespace furl::media {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes Message(const Bytes& packet) { return WriteUserData(UserDataPacket{packet, 0, 1, false}); }

// Of any size, with zeros where escapes are needed.
Bytes Payload(size_t size) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(i % 7 < 4 ? 0 : i % 5);
  return bytes;
}

struct Kind {
  const char* name;
  NalForm form;
  Bytes sets, sei, picture;  // units
};
const Kind kKinds[] = {
    {"AvcLengths", {false, 4}, {0x67, 1, 2}, {0x06, 1, 1, 9, 0x80}, {0x65, 7, 7}},
    {"AvcShortLengths", {false, 2}, {0x67, 1, 2}, {0x06, 1, 1, 9, 0x80}, {0x41, 7, 7}},
    {"AvcStartCodes", {false, 0}, {0x09, 0x10}, {0x06, 1, 1, 9, 0x80}, {0x41, 7, 7}},
    {"HevcLengths", {true, 4}, {0x40, 1, 2}, {0x4e, 1, 1, 1, 9, 0x80}, {0x02, 3, 7}},
    {"HevcStartCodes", {true, 0}, {0x40, 1, 2}, {0x4e, 1, 1, 1, 9, 0x80}, {0x26, 1, 7}},
};

class UserDataSei : public testing::TestWithParam<Kind> {
 protected:
  Bytes Packet(const std::vector<Bytes>& units) const {
    Bytes packet;
    for (const Bytes& unit : units) EXPECT_TRUE(AppendNal(kind_.form, unit, &packet));
    return packet;
  }
  const Kind& kind_ = GetParam();
};

TEST_P(UserDataSei, ComesBackAndLeavesTheRest) {
  const Bytes packet = Packet({kind_.sets, kind_.sei, kind_.picture, kind_.picture});
  const std::vector<Bytes> messages = {WriteUserData(UserDataHeader{Payload(90)}),
                                       Message(Payload(1)), Message(Payload(254)),
                                       Message(Payload(3000))};
  const auto with = InsertUserData(kind_.form, packet, messages);
  ASSERT_TRUE(with.ok()) << with.status().message();
  const auto nals = SplitNals(kind_.form, *with);
  ASSERT_EQ(nals.size(), 4 + messages.size());
  EXPECT_TRUE(std::ranges::equal(nals[1], kind_.sei));  // a buffering period stays the first SEI
  for (size_t i = 2; i < 2 + messages.size(); ++i) {
    EXPECT_TRUE(IsSei(kind_.form, nals[i]));
    // No start code may appear inside of a unit.
    const Bytes code = {0, 0, 1};
    EXPECT_EQ(std::search(nals[i].begin(), nals[i].end(), code.begin(), code.end()), nals[i].end());
    if (kind_.form.hevc) {
      EXPECT_EQ(nals[i][1], kind_.picture[1] & 7);
    }
  }
  const UserDataSplit split = SplitUserData(kind_.form, *with);
  EXPECT_EQ(split.messages, messages);
  EXPECT_EQ(split.rest, packet);
  EXPECT_TRUE(SplitUserData(kind_.form, packet).messages.empty());
}

TEST_P(UserDataSei, NeedsAPicture) {
  const std::vector<Bytes> messages = {Message(Payload(5))};
  const auto with = InsertUserData(kind_.form, Packet({kind_.sets}), messages);
  EXPECT_EQ(with.status().code(), StatusCode::kUnsupported);
}

// A unit in which somebody has put others' messages beside furl's.
TEST_P(UserDataSei, SharesUnits) {
  const Bytes message = Message(Payload(10));
  Bytes payload = {1, 1, 9, 5, static_cast<uint8_t>(message.size())};
  payload.insert(payload.end(), message.begin(), message.end());
  payload.insert(payload.end(), {137, 2, 0, 0, 0x80});
  Bytes unit(kind_.sei.begin(), kind_.sei.begin() + (kind_.form.hevc ? 2 : 1));
  AppendEscaped(payload, &unit);
  const Bytes packet = Packet({unit, kind_.picture});
  const UserDataSplit split = SplitUserData(kind_.form, packet);
  ASSERT_EQ(split.messages.size(), 1u);
  EXPECT_EQ(split.messages[0], message);
  EXPECT_EQ(split.rest, packet);
}

TEST_P(UserDataSei, SurvivesAnyCut) {
  const std::vector<Bytes> messages = {Message(Payload(40)), Message(Payload(600))};
  const Bytes with =
      InsertUserData(kind_.form, Packet({kind_.sets, kind_.picture}), messages).value();
  for (size_t size = 0; size < with.size(); ++size) {
    const UserDataSplit split = SplitUserData(kind_.form, std::span(with).first(size));
    EXPECT_LE(split.messages.size(), messages.size());
    EXPECT_LE(split.rest.size(), size);
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, UserDataSei, testing::ValuesIn(kKinds),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(UserDataSeiTest, ShortLengthsCantHoldLongMessages) {
  const NalForm form = {false, 1};
  Bytes packet;
  ASSERT_TRUE(AppendNal(form, Bytes{0x65, 1}, &packet));
  const std::vector<Bytes> messages = {Message(Payload(400))};
  EXPECT_EQ(InsertUserData(form, packet, messages).status().code(), StatusCode::kUnsupported);
}

TEST(NalUnitsTest, EscapesComeBack) {
  for (const size_t size : {0, 1, 2, 3, 4, 5, 100, 1000}) {
    const Bytes bytes = Payload(size);
    Bytes escaped;
    AppendEscaped(bytes, &escaped);
    EXPECT_EQ(Unescaped(escaped), bytes);
  }
}

}  // namespace
}  // namespace furl::media
