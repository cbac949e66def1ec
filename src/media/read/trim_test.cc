#include "media/read/trim.h"

#include <gtest/gtest.h>

#include "media/read/packet_gate.h"

namespace furl::media {
namespace {

constexpr Rational kSource = {1, 1000};
constexpr Rational kVideo = {1, 25};

TEST(TrimTest, KeepsPicturesOfThePartWanted) {
  const Trim all;
  EXPECT_FALSE(all.IsBefore(INT64_MIN));
  EXPECT_FALSE(all.IsBehind(INT64_MAX - 1));
  const Trim part(2, 0.5, kSource, 100);
  EXPECT_TRUE(part.IsBefore(2099));
  EXPECT_FALSE(part.IsBefore(2100));
  EXPECT_FALSE(part.IsBehind(2599));
  EXPECT_TRUE(part.IsBehind(2600));
}

TEST(TrimTest, TimeZero) {
  EXPECT_EQ(Trim(2, 0, kSource, 0).Origin(2010, 40, false), 2010);
  EXPECT_EQ(Trim(0, 0, kSource, 0).Origin(80, 40, false), 0);
  // A broadcast: 1000 is where the earliest stream begins, 55 before the picture.
  EXPECT_EQ(Trim(0, 0, kSource, 1000).Origin(1055, 40, true), 1015);
}

TEST(TrimTest, KeepsPacketsOfThePartWanted) {
  const Trim part(2, 0.5, kSource, 0);
  EXPECT_FALSE(part.Keeps(-1, {1, 48000}));
  EXPECT_TRUE(part.Keeps(0, {1, 48000}));
  EXPECT_TRUE(part.Keeps(23999, {1, 48000}));
  EXPECT_FALSE(part.Keeps(24000, {1, 48000}));
  // Without a start, what precedes time zero primes a decoder.
  EXPECT_TRUE(Trim(0, 0.5, kSource, 0).Keeps(-1024, {1, 48000}));
}

TEST(TrimTest, CutsChapters) {
  std::vector<Chapter> chapters = {{0, 1'000'000'000, {}},
                                   {1'000'000'000, 2'000'000'000, {}},
                                   {2'000'000'000, 3'000'000'000, {}}};
  Trim(1.5, 0.5, kSource, 0).CutChapters(1500, &chapters);
  ASSERT_EQ(chapters.size(), 1u);
  EXPECT_EQ(chapters[0].start_ns, 0);
  EXPECT_EQ(chapters[0].end_ns, 500'000'000);
}

class PacketGateTest : public testing::Test {
 protected:
  PacketGateTest() : streams_(1) { streams_[0].time_base = kSource; }

  void Put(int64_t pts) {
    MediaPacket packet;
    packet.stream = 0;
    packet.pts = pts;
    packet.dts = pts;
    gate_.Put(packet);
  }
  // Times of the packets that pass now.
  std::vector<int64_t> Passing() {
    std::deque<MediaItem> out;
    gate_.Release(streams_, &out);
    std::vector<int64_t> times;
    for (const MediaItem& item : out) {
      EXPECT_EQ(item.packet->pts, item.packet->dts);  // moved alike
      times.push_back(item.packet->pts);
    }
    return times;
  }

  std::vector<StreamInfo> streams_;
  PacketGate gate_;
};

using Times = std::vector<int64_t>;

TEST_F(PacketGateTest, IsClosedUntilTimeZeroIsKnown) {
  Put(1000);
  Put(kNoTimestamp);
  EXPECT_EQ(Passing(), Times{});
  gate_.Open({}, {kSource, 400, kVideo, false});
  EXPECT_EQ(Passing(), (Times{600, kNoTimestamp}));
  EXPECT_EQ(Passing(), Times{});
}

TEST_F(PacketGateTest, DropsWhatTheTrimDoesNotKeep) {
  gate_.Open(Trim(1, 0.5, kSource, 0), {kSource, 1000, kVideo, false});
  for (const int64_t pts : {999, 1000, 1499, 1500}) Put(pts);
  EXPECT_EQ(Passing(), (Times{0, 499}));
}

TEST_F(PacketGateTest, WaitsForTheVideoWhereFramesAreLimited) {
  gate_.Open({}, {kSource, 0, kVideo, true});
  for (const int64_t pts : {0, 40, 41, 80, 120}) Put(pts);
  EXPECT_EQ(Passing(), Times{});
  gate_.ReachVideo(1);
  EXPECT_EQ(Passing(), (Times{0, 40}));
  gate_.EndVideo(3);  // at 120
  gate_.CutVideo();
  EXPECT_EQ(Passing(), (Times{41, 80}));
  EXPECT_TRUE(gate_.video_ended());
}

TEST_F(PacketGateTest, SoundMayOutlastAWholeVideo) {
  gate_.Open({}, {kSource, 0, kVideo, false});
  gate_.EndVideo(3);
  Put(500);
  EXPECT_EQ(Passing(), Times{500});
}

}  // namespace
}  // namespace furl::media
