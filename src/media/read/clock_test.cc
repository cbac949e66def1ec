// Clocks of inputs that pause, and that jump.

#include <gtest/gtest.h>

#include "media/test_clips.h"

namespace furl::media {
namespace {

// Two seconds, a pause of 38, two seconds.
TEST(ClockTest, APauseDoesNotChangeTheUsualRate) {
  TestFolder dir;
  ASSERT_TRUE(
      Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=4 -vf "
             "\"setpts=PTS+gte(N\\,50)*38/TB\" -fps_mode passthrough -c:v libx264 " +
             (dir / "pause.mp4")));
  const ReadAll all = ReadEverything(dir / "pause.mp4");
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  EXPECT_EQ(all.frames.size(), 100u);
  EXPECT_NEAR(all.info.video.usual_rate, 25, 1e-6);
  EXPECT_NEAR(all.info.video.seconds, 42, 0.05);
  EXPECT_TRUE(all.notices.empty()) << all.notices[0];
}

// Three seconds from time `start` on, as a recorder writes them.
bool MakeRecording(double start, const std::string& path) {
  return Ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=25:d=3 -f lavfi -i sine=d=3 -c:v mpeg2video -bf 2 "
      "-c:a mp2 -muxdelay 0 -output_ts_offset " +
      std::to_string(start) + " -f mpegts " + path);
}

void ExpectOneClock(const std::string& path) {
  const ReadAll all = ReadEverything(path);
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  ASSERT_GE(all.frames.size(), 148u);  // at the joint one without its references may be lost
  const double tick = all.info.video.time_base.value();
  for (size_t i = 1; i < all.frames.size(); ++i) {
    EXPECT_LT(static_cast<double>(all.frames[i]->pts - all.frames[i - 1]->pts) * tick, 0.2);
  }
  EXPECT_NEAR(static_cast<double>(all.frames.back()->pts) * tick, 5.96, 0.15);
  EXPECT_NEAR(all.info.video.seconds, 6, 0.15);
  ASSERT_FALSE(all.packets.empty());
  const double sound = all.info.streams[0].time_base.value();
  for (size_t i = 1; i < all.packets.size(); ++i) {
    EXPECT_LT(static_cast<double>(all.packets[i].pts - all.packets[i - 1].pts) * sound, 0.2);
  }
  EXPECT_NEAR(static_cast<double>(all.packets.back().pts) * sound, 5.96, 0.15);
  ASSERT_EQ(all.notices.size(), 1u);
  EXPECT_NE(all.notices[0].find("the clock jumps by"), std::string::npos) << all.notices[0];
}

TEST(ClockTest, JumpsOfTransportStreamsAreBridged) {
  TestFolder dir;
  ASSERT_TRUE(MakeRecording(10, dir / "a.ts"));
  ASSERT_TRUE(MakeRecording(500, dir / "b.ts"));
  const std::string a = FileText(dir / "a.ts");
  const std::string b = FileText(dir / "b.ts");
  std::ofstream(dir / "later.ts", std::ios::binary) << a << b;
  std::ofstream(dir / "earlier.ts", std::ios::binary) << b << a;
  ExpectOneClock(dir / "later.ts");
  ExpectOneClock(dir / "earlier.ts");
}

}  // namespace
}  // namespace furl::media
