#include "media/sei/packet_carrier.h"

#include <gtest/gtest.h>

#include <vector>

#include "bitstream/user_data.h"
#include "media/sei/user_data_sei.h"

namespace furl::media {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr NalForm kForm = {false, 4};
const Bytes kHeader = {'f', 'u', 'r', 'l'};

MediaPacket Base(int64_t pts, bool key = false) {
  MediaPacket packet;
  packet.stream = kBaseStream;
  packet.data = {0, 0, 0, 2, static_cast<uint8_t>(key ? 0x65 : 0x41), 1};
  packet.pts = pts;
  packet.key = key;
  return packet;
}

MediaPacket Furl(int64_t pts, bool key = false) {
  MediaPacket packet;
  packet.data = {static_cast<uint8_t>(pts)};
  packet.pts = pts;
  packet.duration = 1;
  packet.key = key;
  return packet;
}

// What came out: times of furl's packets that each packet of the base carries; -1 is a header.
class Carried {
 public:
  PacketCarrier::TakeFn Taker() {
    return [this](const MediaPacket& packet) {
      std::vector<int64_t> times;
      for (const Bytes& message : SplitUserData(kForm, packet.data).messages) {
        const auto data = ParseUserData(message).value();
        const auto* carried = std::get_if<UserDataPacket>(&data);
        times.push_back(carried != nullptr ? packet.pts + carried->since_unit : -1);
        if (carried != nullptr) {
          EXPECT_EQ(carried->data[0], times.back());
        }
      }
      bases.push_back(packet.pts);
      packets.push_back(times);
      return OkStatus();
    };
  }
  std::vector<int64_t> bases;
  std::vector<std::vector<int64_t>> packets;
};

using Lists = std::vector<std::vector<int64_t>>;

TEST(PacketCarrierTest, KeepsBothOrders) {
  PacketCarrier carrier(kForm, kHeader);
  Carried out;
  const auto put = [&](MediaPacket packet) {
    ASSERT_TRUE(carrier.Put(std::move(packet), out.Taker()).ok());
  };
  for (const int64_t pts : {0, 2, 1, 3}) put(Base(pts, pts == 0));
  put(Furl(0, true));
  for (const int64_t pts : {3, 1, 2}) put(Furl(pts));
  EXPECT_TRUE(out.bases.empty());  // the GOP may go on
  put(Base(4, true));
  put(Furl(4, true));
  EXPECT_EQ(out.packets, (Lists{{-1, 0}, {3}, {1}, {2}}));
  ASSERT_TRUE(carrier.Finish(out.Taker()).ok());
  EXPECT_EQ(out.bases, (std::vector<int64_t>{0, 2, 1, 3, 4}));
  EXPECT_EQ(out.packets.back(), (std::vector<int64_t>{-1, 4}));
}

// A filter is all that a GOP has; the next one's key frame has pictures in front of it that are
// decoded later, so its GOP has fewer packets of the base than of furl's.
TEST(PacketCarrierTest, FitsGopsOfAnyLengths) {
  PacketCarrier carrier(kForm, kHeader);
  Carried out;
  const auto put = [&](MediaPacket packet) {
    ASSERT_TRUE(carrier.Put(std::move(packet), out.Taker()).ok());
  };
  for (const int64_t pts : {0, 1, 2}) put(Base(pts, pts == 0));
  put(Furl(0, true));
  for (const int64_t pts : {3, 4}) put(Base(pts, pts == 3));
  put(Furl(3, true));
  for (const int64_t pts : {4, 5, 6}) put(Furl(pts));
  for (const int64_t pts : {7, 5, 6}) put(Base(pts, pts == 7));
  put(Furl(7, true));
  ASSERT_TRUE(carrier.Finish(out.Taker()).ok());
  EXPECT_EQ(out.packets, (Lists{{-1, 0}, {}, {}, {-1, 3}, {4, 5, 6}, {-1, 7}, {}, {}}));
}

TEST(PacketCarrierTest, RefusesAGopWithoutItsPicture) {
  PacketCarrier carrier(kForm, kHeader);
  Carried out;
  ASSERT_TRUE(carrier.Put(Base(0, true), out.Taker()).ok());
  EXPECT_EQ(carrier.Put(Furl(1, true), out.Taker()).code(), StatusCode::kInternal);
}

}  // namespace
}  // namespace furl::media
