#include <gtest/gtest.h>

#include <cstdio>
#include <functional>
#include <utility>
#include <vector>

#include "media/test_clips.h"
#include "media/write/raw_writers.h"

namespace furl::media {
namespace {

constexpr char kPicture[] = "-f lavfi -i testsrc2=s=64x48:r=25:d=1 ";

std::string Samples(const ReadAll& all) {
  std::vector<uint8_t> bytes;
  for (const auto& frame : all.frames) AppendSamples(*frame, &bytes);
  return {bytes.begin(), bytes.end()};
}

// Compared without printing megabytes on failure.
bool SameSamples(const ReadAll& all, const std::string& path) {
  return Samples(all) == FileText(path);
}

TEST(ReaderTest, DeliversTheSourceBitForBit) {
  TestFolder dir;
  const std::string clip = dir / "a.mkv";
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v ffv1 -pix_fmt yuv420p " + clip));
  ASSERT_TRUE(Ffmpeg("-i " + clip + " -f rawvideo " + (dir / "a.yuv")));
  const ReadAll all = ReadEverything(clip);
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  ASSERT_EQ(all.frames.size(), 25u);
  EXPECT_TRUE(SameSamples(all, dir / "a.yuv"));
  EXPECT_EQ(all.info.video.frame_count, 25);
  EXPECT_TRUE(all.notices.empty()) << all.notices[0];
}

TEST(ReaderTest, OddSizesAndTenBit) {
  TestFolder dir;
  for (const char* format : {"yuv420p", "yuv420p10le", "nv12"}) {
    const std::string clip = dir / "a.nut";
    ASSERT_TRUE(Ffmpeg(
        std::string("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -vf scale=35:17 -c:v rawvideo ") +
        "-pix_fmt " + format + " " + clip));
    const bool wide = std::string(format).find("10") != std::string::npos;
    ASSERT_TRUE(Ffmpeg("-i " + clip + " -f rawvideo -pix_fmt " +
                       (wide ? "yuv420p10le " : "yuv420p ") + (dir / "a.yuv")));
    const ReadAll all = ReadEverything(clip);
    ASSERT_TRUE(all.status.ok()) << format << " " << all.status.message();
    EXPECT_EQ(all.info.video.bit_depth, wide ? 10 : 8);
    EXPECT_EQ(all.info.video.width, 35);
    EXPECT_EQ(all.info.video.height, 17);
    EXPECT_TRUE(SameSamples(all, dir / "a.yuv")) << format;
  }
}

TEST(ReaderTest, TimeBaseIsTheCoarsestExactOne) {
  TestFolder dir;
  ASSERT_TRUE(
      Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=30000/1001:d=1 -c:v mpeg4 " + (dir / "a.mp4")));
  const ReadAll all = ReadEverything(dir / "a.mp4");
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  EXPECT_EQ(all.info.video.time_base, (Rational{1001, 30000}));
  EXPECT_EQ(all.info.video.frame_rate, (Rational{30000, 1001}));
  EXPECT_TRUE(all.info.video.constant_frame_rate);
  for (size_t i = 0; i < all.frames.size(); ++i) {
    EXPECT_EQ(all.frames[i]->pts, static_cast<int64_t>(i));
    EXPECT_EQ(all.frames[i]->duration, 1);
  }
}

TEST(ReaderTest, VariableFrameRateIsExact) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) +
                     "-vf \"select='not(mod(n,3))+eq(n,4)+eq(n,19)'\" -vsync vfr -c:v libx264 "
                     "-video_track_timescale 90000 " +
                     (dir / "a.mp4")));
  const ReadAll all = ReadEverything(dir / "a.mp4");
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  std::vector<int64_t> times;
  for (const auto& frame : all.frames) times.push_back(frame->pts);
  EXPECT_EQ(times, (std::vector<int64_t>{0, 3, 4, 6, 9, 12, 15, 18, 19, 21, 24}));
  EXPECT_EQ(all.info.video.time_base, (Rational{1, 25}));
  EXPECT_FALSE(all.info.video.constant_frame_rate);
  EXPECT_EQ(all.frames[0]->duration, 3);
  EXPECT_EQ(all.frames[1]->duration, 1);
}

// Filters and decoders hold pictures back while sound is ready: of a clip of
// three pictures with B frames, all until the end.
TEST(ReaderTest, SoundMayComeBeforeTheFirstPicture) {
  TestFolder dir;
  const std::string sound = "-f lavfi -i sine=d=2 -c:v libx264 -bf 2 -c:a aac ";
  ASSERT_TRUE(Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.12 " + sound + (dir / "short.mp4")));
  const ReadAll few = ReadEverything(dir / "short.mp4");
  ASSERT_TRUE(few.status.ok()) << few.status.message();
  EXPECT_EQ(few.frames.size(), 3u);
  EXPECT_EQ(few.info.video.width, 64);
  EXPECT_GT(few.packets.size(), 50u);
  ASSERT_TRUE(Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=2 " + sound + (dir / "a.mp4")));
  ReaderOptions options;
  options.filter.frame_rate = {2, 1};
  const ReadAll slow = ReadEverything(dir / "a.mp4", options);
  ASSERT_TRUE(slow.status.ok()) << slow.status.message();
  EXPECT_EQ(slow.frames.size(), 4u);
  EXPECT_GT(slow.packets.size(), 50u);
}

TEST(ReaderTest, TrimsExactly) {
  TestFolder dir;
  const std::string clip = dir / "a.mkv";
  ASSERT_TRUE(
      Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=4 -f lavfi -i sine=d=4 -c:v libx264 "
             "-preset ultrafast -qp 0 -g 50 -c:a flac " +
             clip));
  const ReadAll whole = ReadEverything(clip);
  ASSERT_EQ(whole.frames.size(), 100u);
  ReaderOptions options;
  options.start = 2.12;
  options.duration = 0.4;
  const ReadAll part = ReadEverything(clip, options);
  ASSERT_TRUE(part.status.ok()) << part.status.message();
  ASSERT_EQ(part.frames.size(), 10u);
  EXPECT_EQ(part.frames[0]->pts, 0);
  EXPECT_EQ(FrameHash(*part.frames[0]), FrameHash(*whole.frames[53]));
  ASSERT_FALSE(part.packets.empty());
  for (const MediaPacket& packet : part.packets) {
    const double time = packet.pts * part.info.streams[packet.stream].time_base.value();
    EXPECT_GE(time, 0.0);
    EXPECT_LT(time, 0.4);
  }
  options = {};
  options.frames = 7;
  const ReadAll few = ReadEverything(clip, options);
  ASSERT_TRUE(few.status.ok()) << few.status.message();
  EXPECT_EQ(few.frames.size(), 7u);
  EXPECT_EQ(few.info.video.frame_count, 7);
  ASSERT_FALSE(few.packets.empty());
  for (const MediaPacket& packet : few.packets) {
    EXPECT_LT(packet.pts * few.info.streams[0].time_base.value(), 0.28);
  }
}

TEST(ReaderTest, ScalesCropsAndChangesTheRate) {
  TestFolder dir;
  const std::string clip = dir / "a.mkv";
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v ffv1 -pix_fmt yuv420p " + clip));
  ReaderOptions options;
  options.filter.crop = {40, 30, 2, 4};
  options.filter.scale_width = 80;
  options.filter.scale_height = -1;
  options.filter.frame_rate = {10, 1};
  const ReadAll all = ReadEverything(clip, options);
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  EXPECT_EQ(all.info.video.width, 80);
  EXPECT_EQ(all.info.video.height, 60);
  EXPECT_EQ(all.frames.size(), 10u);
  EXPECT_EQ(all.info.video.time_base, (Rational{1, 10}));
  options.filter.crop = {64, 48, 1, 0};
  EXPECT_EQ(ReadEverything(clip, options).status.code(), StatusCode::kInvalidArgument);
}

TEST(ReaderTest, ConvertsOtherFormatsWithANotice) {
  TestFolder dir;
  for (const char* size : {"64x48", "35x17"}) {
    for (const char* format : {"yuv444p", "yuv422p10le", "gbrp", "rgb24", "gray", "yuyv422"}) {
      const std::string clip = dir / "a.nut";
      ASSERT_TRUE(Ffmpeg(std::string("-f lavfi -i color=c=0x3050a0:s=") + size +
                         ":r=25:d=0.1 -c:v rawvideo -pix_fmt " + format + " " + clip));
      const ReadAll all = ReadEverything(clip);
      ASSERT_TRUE(all.status.ok()) << format << " " << all.status.message();
      ASSERT_FALSE(all.notices.empty()) << format;
      EXPECT_NE(all.notices[0].find("4:2:0"), std::string::npos);
      if (std::string(format) == "gbrp") {
        // BT.709, limited range, by hand: Y = 16 + 219 * (0.2126 R + 0.7152 G + 0.0722 B).
        EXPECT_EQ(all.info.video.color.matrix, 1);
        EXPECT_NEAR(all.frames[0]->plane(0).row(8)[8], 84, 1) << size;
        EXPECT_NEAR(all.frames[0]->plane(1).row(4)[4], 167, 1) << size;
        EXPECT_NEAR(all.frames[0]->plane(2).row(4)[4], 111, 1) << size;
      }
    }
  }
}

TEST(ReaderTest, KeepsDescriptions) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) +
                     "-c:v libx264 -aspect 16:9 -color_primaries bt2020 -color_trc smpte2084 "
                     "-colorspace bt2020nc -color_range pc -metadata title=Ship " +
                     (dir / "a.mp4")));
  ASSERT_TRUE(
      Ffmpeg("-i " + (dir / "a.mp4") + " -c copy -metadata:s:v rotate=90 " + (dir / "b.mp4")));
  const ReadAll all = ReadEverything(dir / "b.mp4");
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  const VideoInfo& video = all.info.video;
  EXPECT_EQ(video.sample_aspect, (Rational{4, 3}));
  EXPECT_EQ(video.color.primaries, 9);
  EXPECT_EQ(video.color.transfer, 16);
  EXPECT_EQ(video.color.matrix, 9);
  EXPECT_TRUE(video.color.full_range);
  EXPECT_EQ(video.rotation, 270);  // this ffmpeg counts the tag the other way round
  EXPECT_EQ(FindTag(all.info.tags, "title"), "Ship");
}

// Found by a sanitizer: libavformat hands on what stands in the file.
TEST(ReaderTest, ColoursThatNobodyKnowsAreUnspecified) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) +
                     "-c:v ffv1 -pix_fmt yuv420p -color_primaries bt2020 -color_trc smpte2084 "
                     "-colorspace bt2020nc " +
                     (dir / "a.mkv")));
  std::string file = FileText(dir / "a.mkv");
  for (const char* element : {"\x55\xbb\x81\x09", "\x55\xba\x81\x10", "\x55\xb1\x81\x09"}) {
    const size_t at = file.find(element);
    ASSERT_NE(at, std::string::npos);
    file[at + 3] = '\xe4';
  }
  std::ofstream(dir / "b.mkv", std::ios::binary) << file;
  const ReadAll all = ReadEverything(dir / "b.mkv");
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  EXPECT_EQ(all.info.video.color.primaries, AVCOL_PRI_UNSPECIFIED);
  EXPECT_EQ(all.info.video.color.transfer, AVCOL_TRC_UNSPECIFIED);
  EXPECT_EQ(all.info.video.color.matrix, AVCOL_SPC_UNSPECIFIED);
}

TEST(ReaderTest, SaysOnceWhatPicturesLose) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v libx264 -x264-params frame-packing=3 " +
                     (dir / "a.mp4")));
  const ReadAll all = ReadEverything(dir / "a.mp4");
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  ASSERT_EQ(all.notices.size(), 1u);
  EXPECT_EQ(all.notices[0], "the stereo layout in the pictures can't be kept");
}

TEST(ReaderTest, OneFrameAndRawInput) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25 -frames:v 1 -f rawvideo -pix_fmt yuv420p " +
                     (dir / "a.yuv")));
  ReaderOptions options;
  options.format = "rawvideo";
  options.format_options = {
      {"video_size", "64x48"}, {"pixel_format", "yuv420p"}, {"framerate", "24"}};
  const ReadAll all = ReadEverything(dir / "a.yuv", options);
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  ASSERT_EQ(all.frames.size(), 1u);
  EXPECT_EQ(all.frames[0]->duration, 1);
  EXPECT_EQ(all.info.video.frame_rate, (Rational{24, 1}));
  EXPECT_TRUE(SameSamples(all, dir / "a.yuv"));
}

TEST(ReaderTest, HeaderlessInputNeedsALayout) {
  TestFolder dir;
  std::ofstream(dir / "a.yuv") << std::string(64 * 48 * 3 / 2, 'x');
  EXPECT_EQ(ReadEverything(dir / "a.yuv").status.code(), StatusCode::kInvalidArgument);
  ReaderOptions options;
  options.format = "rawvideo";
  options.format_options = {{"video_size", "64x48"}, {"pixel_format", "yuv420q"}};
  EXPECT_EQ(ReadEverything(dir / "a.yuv", options).status.code(), StatusCode::kInvalidArgument);
}

TEST(ReaderTest, RawP010IsShiftedExactly) {
  TestFolder dir;
  std::string samples;
  for (int i = 0; i < 16 * 16 * 3 / 2; ++i) {
    const int value = (i * 37 % 1024) << 6;
    samples += {static_cast<char>(value), static_cast<char>(value >> 8)};
  }
  std::ofstream(dir / "a.raw", std::ios::binary) << samples;
  ReaderOptions options;
  options.format = "rawvideo";
  options.format_options = {{"video_size", "16x16"}, {"pixel_format", "p010le"}};
  const ReadAll all = ReadEverything(dir / "a.raw", options);
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  ASSERT_EQ(all.frames.size(), 1u);
  EXPECT_EQ(all.info.video.bit_depth, 10);
  EXPECT_EQ(all.frames[0]->plane(0).row(2)[3], (2 * 16 + 3) * 37 % 1024);
  EXPECT_EQ(all.frames[0]->plane(1).row(1)[2], (256 + 16 + 4) * 37 % 1024);
  EXPECT_EQ(all.frames[0]->plane(2).row(1)[2], (256 + 16 + 5) * 37 % 1024);
}

TEST(ReaderTest, RefusesWhatIsNotVideo) {
  TestFolder dir;
  std::ofstream(dir / "text") << std::string(5000, 'x');
  EXPECT_EQ(ReadEverything(dir / "text").status.code(), StatusCode::kInvalidStream);
  EXPECT_EQ(ReadEverything(dir / "missing.mp4").status.code(), StatusCode::kIo);
  ASSERT_TRUE(Ffmpeg("-f lavfi -i sine=d=1 " + (dir / "a.wav")));
  EXPECT_EQ(ReadEverything(dir / "a.wav").status.code(), StatusCode::kUnsupported);
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + (dir / "a.mp4")));
  std::filesystem::resize_file(dir / "a.mp4", 3000);
  EXPECT_EQ(ReadEverything(dir / "a.mp4").status.code(), StatusCode::kInvalidStream);
}

TEST(ReaderTest, CutOffInTheHeadersIsDamage) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v ffv1 -pix_fmt yuv420p " + (dir / "a.mkv")));
  for (const int size : {500, 300, 200, 100, 50}) {
    std::filesystem::resize_file(dir / "a.mkv", size);
    EXPECT_EQ(ReadEverything(dir / "a.mkv").status.code(), StatusCode::kInvalidStream) << size;
  }
}

TEST(ReaderTest, TruncatedMatroskaGivesWhatIsThere) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v ffv1 -pix_fmt yuv420p " + (dir / "a.mkv")));
  const auto size = std::filesystem::file_size(dir / "a.mkv");
  std::filesystem::resize_file(dir / "a.mkv", size * 2 / 3);
  const ReadAll all = ReadEverything(dir / "a.mkv");
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  EXPECT_GT(all.frames.size(), 10u);
  EXPECT_LT(all.frames.size(), 25u);
}

TEST(ReaderTest, SaysThatTheInputIsCutOffOrDamaged) {
  TestFolder dir;
  ASSERT_TRUE(
      Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=2 -c:v libx264 -g 25 " + (dir / "a.mkv")));
  const std::string whole = FileText(dir / "a.mkv");
  EXPECT_TRUE(ReadEverything(dir / "a.mkv").notices.empty());
  std::ofstream(dir / "cut.mkv", std::ios::binary) << whole.substr(0, whole.size() / 2);
  const ReadAll cut = ReadEverything(dir / "cut.mkv");
  ASSERT_TRUE(cut.status.ok()) << cut.status.message();
  ASSERT_EQ(cut.notices.size(), 1u);
  EXPECT_NE(cut.notices[0].find("s of 2.00; it may be cut off"), std::string::npos)
      << cut.notices[0];
  std::string hurt = whole;
  for (size_t i = whole.size() / 3; i < whole.size() / 2; i += 50) hurt[i] ^= 0x55;
  std::ofstream(dir / "hurt.mkv", std::ios::binary) << hurt;
  const ReadAll damaged = ReadEverything(dir / "hurt.mkv");
  ASSERT_FALSE(damaged.notices.empty());
  EXPECT_NE(damaged.notices[0].find("the input is damaged"), std::string::npos)
      << damaged.notices[0];
}

// What comes from `pts` on, and what comes when the reader jumps there.
void ExpectJump(const std::string& clip, int64_t pts, const ReadAll& all) {
  ReaderOptions options;
  options.other_streams = false;
  auto reader = OpenVideo(clip, options).value();
  ASSERT_TRUE(reader->JumpTo(pts).value());
  size_t at = 0;
  while (at < all.frames.size() && all.frames[at]->pts < pts) ++at;
  bool first = true;
  for (auto item = reader->Next(); item.ok(); item = reader->Next()) {
    if (std::exchange(first, false)) {
      EXPECT_LE(item->frame->pts, pts);
    }
    if (item->frame->pts < pts) continue;
    ASSERT_LT(at, all.frames.size());
    EXPECT_EQ(item->frame->pts, all.frames[at]->pts);
    EXPECT_EQ(item->frame->duration, all.frames[at]->duration);
    EXPECT_EQ(FrameHash(*item->frame), FrameHash(*all.frames[at])) << at;
    ++at;
  }
  EXPECT_EQ(at, all.frames.size());
}

TEST(ReaderTest, JumpsToFramesThatAreAsTheyWouldHaveBeen) {
  TestFolder dir;
  const std::string video = "-f lavfi -i testsrc2=s=64x48:r=25:d=4 -pix_fmt yuv420p -g 20 ";
  const std::vector<std::pair<std::string, std::string>> clips = {
      {"a.mkv", "-c:v libx264"},
      {"b.mp4", "-c:v libx264 -bf 3 -output_ts_offset 3"},
      {"c.ts", "-c:v mpeg2video -bf 2"},
      {"d.avi", "-c:v mpeg4"}};
  for (const auto& [name, codec] : clips) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(Ffmpeg(video + codec + " " + (dir / name)));
    const ReadAll all = ReadEverything(dir / name);
    ASSERT_EQ(all.frames.size(), 100u) << all.status.message();
    for (const size_t frame : {0, 1, 50, 99}) ExpectJump(dir / name, all.frames[frame]->pts, all);
  }
}

TEST(ReaderTest, DoesNotJumpWhereWhatCameBeforeMatters) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=4 -c:v libx264 " + (dir / "a.mkv")));
  const auto jumps = [&](const std::function<void(ReaderOptions*)>& change) {
    ReaderOptions options;
    options.other_streams = false;
    change(&options);
    return OpenVideo(dir / "a.mkv", options).value()->JumpTo(50).value();
  };
  EXPECT_TRUE(jumps([](ReaderOptions* o) { o->filter.scale_width = o->filter.scale_height = 32; }));
  EXPECT_FALSE(jumps([](ReaderOptions* o) { o->other_streams = true; }));
  EXPECT_FALSE(jumps([](ReaderOptions* o) { o->frames = 60; }));
  EXPECT_FALSE(jumps([](ReaderOptions* o) { o->filter.frame_rate = {10, 1}; }));
  EXPECT_FALSE(jumps([](ReaderOptions* o) { o->filter.denoise = Denoise::kLight; }));
  EXPECT_FALSE(jumps([](ReaderOptions* o) { o->filter.graph = "tmix"; }));
}

}  // namespace
}  // namespace furl::media
