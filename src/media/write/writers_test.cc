#include <gtest/gtest.h>

#include "media/output_file.h"
#include "media/test_clips.h"
#include "media/write/container_writers.h"
#include "media/write/raw_writers.h"

namespace furl::media {
namespace {

int FilesIn(const std::string& folder) {
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++files;
  return files;
}

TEST(OutputFileTest, HasItsNameOnlyWhenComplete) {
  TestFolder dir;
  {
    auto file = OutputFile::Open(dir / "a", false);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Write("half").ok());
    ASSERT_TRUE((*file)->Flush().ok());
    EXPECT_FALSE(std::filesystem::exists(dir / "a"));
  }
  EXPECT_EQ(FilesIn(dir.path()), 0);
  auto file = OutputFile::Open(dir / "a", false);
  ASSERT_TRUE((*file)->Write("a whole one").ok());
  ASSERT_TRUE((*file)->Seek(2).ok());
  ASSERT_TRUE((*file)->Write("WHOLE").ok());
  EXPECT_EQ((*file)->size(), 11);
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(FileText(dir / "a"), "a WHOLE one");
  EXPECT_EQ(FilesIn(dir.path()), 1);
}

TEST(OutputFileTest, NotAcceptedLeavesNothingAndTheOldFile) {
  TestFolder dir;
  std::ofstream(dir / "a") << "old";
  for (const int64_t limit : {3, 4}) {
    auto file = OutputFile::Open(dir / "a", true);
    ASSERT_TRUE(file.ok());
    int64_t asked = 0;
    (*file)->set_accept([&](int64_t bytes) {
      asked = bytes;
      return bytes <= limit ? OkStatus() : LimitExceeded("too long");
    });
    ASSERT_TRUE((*file)->Write("four").ok());
    EXPECT_EQ((*file)->Commit().code(), limit < 4 ? StatusCode::kLimitExceeded : StatusCode::kOk);
    EXPECT_EQ(asked, 4);
    file->reset();
    EXPECT_EQ(FileText(dir / "a"), limit < 4 ? "old" : "four");
    EXPECT_EQ(FilesIn(dir.path()), 1);
  }
}

TEST(OutputFileTest, DiscardCounts) {
  auto file = OutputFile::Discard();
  const std::vector<uint8_t> block(1 << 20);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(file->Write(block).ok());
  ASSERT_TRUE(file->Seek(10).ok());
  ASSERT_TRUE(file->Write("patched").ok());
  EXPECT_EQ(file->position(), 17);
  EXPECT_EQ(file->size(), 3 << 20);
  EXPECT_TRUE(file->seekable());
  EXPECT_TRUE(file->Commit().ok());
}

TEST(OutputFileTest, ExistingFilesNeedPermission) {
  TestFolder dir;
  std::ofstream(dir / "a") << "old";
  EXPECT_EQ(OutputFile::Open(dir / "a", false).status().code(), StatusCode::kInvalidArgument);
  auto file = OutputFile::Open(dir / "a", true);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->Write("new").ok());
  EXPECT_EQ(FileText(dir / "a"), "old");
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(FileText(dir / "a"), "new");
}

TEST(OutputFileTest, LinksAndPermissionsStay) {
  namespace fs = std::filesystem;
  TestFolder dir;
  fs::create_directory(dir / "far");
  std::ofstream(dir / "far/a") << "old";
  fs::permissions(dir / "far/a", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("far/a", dir / "link");
  fs::create_symlink(dir / "link", dir / "second");
  fs::create_symlink("far/b", dir / "dangling");
  for (const char* name : {"second", "dangling"}) {
    auto file = OutputFile::Open(dir / name, true);
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Write("new").ok());
    ASSERT_TRUE((*file)->Commit().ok());
    EXPECT_TRUE(fs::is_symlink(dir / name));
  }
  EXPECT_EQ(FileText(dir / "far/a"), "new");
  EXPECT_EQ(FileText(dir / "far/b"), "new");
  EXPECT_FALSE(fs::is_symlink(dir / "far/a"));
  EXPECT_EQ(fs::status(dir / "far/a").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(FilesIn(dir / "far"), 2);
}

TEST(OutputFileTest, FullDiskIsAnErrorWithThePath) {
  auto file = OutputFile::Open("/dev/full", true);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->Write("x").ok());
  const Status status = (*file)->Commit();
  EXPECT_EQ(status.code(), StatusCode::kIo);
  EXPECT_NE(status.message().find("/dev/full"), std::string::npos);
  EXPECT_EQ(OutputFile::Open("/nowhere/a", true).status().code(), StatusCode::kIo);
}

TEST(OutputFileTest, SignalHandlersCanRemoveTemporaries) {
  TestFolder dir;
  auto file = OutputFile::Open(dir / "a", false);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(FilesIn(dir.path()), 1);
  RemoveTemporaries();
  EXPECT_EQ(FilesIn(dir.path()), 0);
}

// Markup becomes styles, and an end that was never told does no harm.
TEST(Mp4WriterTest, Subtitles) {
  TestFolder dir;
  std::ofstream(dir / "s.srt") << "1\n00:00:00,200 --> 00:00:00,400\n<i>Ahoy</i> you\n";
  ASSERT_TRUE(Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=1 -i " + (dir / "s.srt") +
                     " -c:v ffv1 -pix_fmt yuv420p -c:s srt " + (dir / "a.mkv")));
  ReadAll source = ReadEverything(dir / "a.mkv");
  ASSERT_EQ(source.packets.size(), 1u);
  source.info.streams[0].tags.emplace_back("title", "Signs");
  WriterOptions options;
  auto writer = OpenMp4Writer(dir / "a.mp4", source.info, options);
  ASSERT_TRUE(writer.ok()) << writer.status().message();
  MediaPacket endless = source.packets[0];
  endless.pts += Rescale(1, {1, 2}, source.info.streams[0].time_base);
  endless.duration = int64_t{0xFFFFFFFF};
  for (const auto& frame : source.frames) ASSERT_TRUE((*writer)->WriteFrame(*frame, 1).ok());
  for (const MediaPacket& packet : {source.packets[0], endless}) {
    const Status status = (*writer)->WritePacket(packet);
    ASSERT_TRUE(status.ok()) << status.message();
  }
  ASSERT_TRUE((*writer)->Finish().ok());
  ASSERT_TRUE(Ffmpeg("-i " + (dir / "a.mp4") + " -map 0:s -f srt " + (dir / "back.srt")));
  EXPECT_NE(Ffprobe("-show_streams " + (dir / "a.mp4"), dir).find("handler_name=Signs"),
            std::string::npos);
  const std::string text = FileText(dir / "back.srt");
  EXPECT_NE(text.find("00:00:00,200 --> 00:00:00,400\n<i>Ahoy</i> you"), std::string::npos) << text;
  EXPECT_NE(text.find("00:00:00,700 --> 00:00:03,700"), std::string::npos) << text;
}

// Recorders hand out two packets of sound at one time, which mp4 has no word for.
TEST(Mp4WriterTest, PacketsOfOneTimeFollowEachOther) {
  TestFolder dir;
  ASSERT_TRUE(
      Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.4 -f lavfi -i sine=d=0.4 -c:v ffv1 "
             "-pix_fmt yuv420p -c:a aac " +
             (dir / "a.mkv")));
  const ReadAll source = ReadEverything(dir / "a.mkv");
  ASSERT_GT(source.packets.size(), 8u);
  auto writer = OpenMp4Writer(dir / "a.mp4", source.info, {});
  ASSERT_TRUE(writer.ok()) << writer.status().message();
  for (const auto& frame : source.frames) ASSERT_TRUE((*writer)->WriteFrame(*frame, 1).ok());
  for (size_t i = 0; i < source.packets.size(); ++i) {
    MediaPacket packet = source.packets[i];
    packet.pts = source.packets[i / 2 * 2].pts;
    packet.dts = kNoTimestamp;
    const Status status = (*writer)->WritePacket(packet);
    ASSERT_TRUE(status.ok()) << i << ": " << status.message();
  }
  ASSERT_TRUE((*writer)->Finish().ok());
  const ReadAll back = ReadEverything(dir / "a.mp4");
  ASSERT_EQ(back.packets.size(), source.packets.size());
  EXPECT_EQ(back.packets.back().data, source.packets.back().data);
}

// Televisions look for it in the stream, not in the file around it.
TEST(Mp4WriterTest, HdrMetadataIsInTheStreamItself) {
  TestFolder dir;
  ASSERT_TRUE(
      Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -c:v ffv1 -pix_fmt yuv420p10le "
             "-color_trc smpte2084 -color_primaries bt2020 -colorspace bt2020nc " +
             (dir / "a.mkv")));
  ReadAll source = ReadEverything(dir / "a.mkv");
  ASSERT_TRUE(source.status.ok()) << source.status.message();
  source.info.video.mastering = MasteringDisplay{
      true, true, {{0.68, 0.32}, {0.265, 0.69}, {0.15, 0.06}}, {0.3127, 0.329}, 0.005, 1000};
  source.info.video.light = ContentLight{900, 400};
  for (const std::string codec : {"h264", "hevc"}) {
    WriterOptions options;
    options.codec = codec;
    options.overwrite = true;
    auto writer = OpenMp4Writer(dir / "a.mp4", source.info, options);
    ASSERT_TRUE(writer.ok()) << writer.status().message();
    for (const auto& frame : source.frames) ASSERT_TRUE((*writer)->WriteFrame(*frame, 1).ok());
    ASSERT_TRUE((*writer)->Finish().ok());
    ASSERT_TRUE(Ffmpeg("-i " + (dir / "a.mp4") + " -c copy -f " + codec + " " + (dir / "a.raw")));
    // G's place in 1/50000. FFmpeg before 6 doesn't look for it in H.264.
    EXPECT_NE(FileText(dir / "a.raw").find("\x33\xC2\x86\xC4"), std::string::npos) << codec;
    if (codec == "h264") continue;
    const std::string frame =
        Ffprobe("-show_frames -read_intervals %+#1 -f " + codec + " " + (dir / "a.raw"), dir);
    for (const char* text : {"max_content=900", "max_average=400", "red_x=34000/50000",
                             "max_luminance=10000000/10000", "color_transfer=smpte2084"}) {
      EXPECT_NE(frame.find(text), std::string::npos) << codec << " lacks " << text;
    }
  }
}

class SampleWriterTest : public testing::TestWithParam<const char*> {};

TEST_P(SampleWriterTest, Y4mAndYuvReadBackBitForBit) {
  TestFolder dir;
  const std::string clip = dir / "in.mkv";
  const std::string format = GetParam();
  ASSERT_TRUE(
      Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=30000/1001:d=0.2 -vf scale=35:17 -c:v ffv1 -pix_fmt " +
             format + " " + clip));
  const ReadAll source = ReadEverything(clip);
  ASSERT_TRUE(source.status.ok()) << source.status.message();
  auto y4m = OpenY4mWriter(dir / "a.y4m", source.info, {});
  auto yuv = OpenYuvWriter(dir / "a.yuv", source.info, {});
  ASSERT_TRUE(y4m.ok() && yuv.ok());
  for (const auto& frame : source.frames) {
    ASSERT_TRUE((*y4m)->WriteFrame(*frame, 1).ok());
    ASSERT_TRUE((*yuv)->WriteFrame(*frame, 1).ok());
  }
  ASSERT_TRUE((*y4m)->Finish().ok());
  ASSERT_TRUE((*yuv)->Finish().ok());

  ReaderOptions raw;
  raw.format = "rawvideo";
  raw.format_options = {
      {"video_size", "35x17"}, {"pixel_format", format}, {"framerate", "30000/1001"}};
  for (const ReadAll& back : {ReadEverything(dir / "a.y4m"), ReadEverything(dir / "a.yuv", raw)}) {
    ASSERT_TRUE(back.status.ok()) << back.status.message();
    ASSERT_EQ(back.frames.size(), source.frames.size());
    for (size_t i = 0; i < back.frames.size(); ++i) {
      EXPECT_EQ(FrameHash(*back.frames[i]), FrameHash(*source.frames[i])) << i;
      EXPECT_EQ(back.frames[i]->pts, static_cast<int64_t>(i));
    }
    EXPECT_EQ(back.info.video.frame_rate, (Rational{30000, 1001}));
  }
}

INSTANTIATE_TEST_SUITE_P(Depths, SampleWriterTest, testing::Values("yuv420p", "yuv420p10le"));

TEST(Y4mTest, HeaderCarriesWhatItCan) {
  VideoInfo video;
  video.width = 20;
  video.height = 10;
  video.frame_rate = {24000, 1001};
  video.sample_aspect = {4, 3};
  video.color.full_range = true;
  video.color.chroma_location = 0;
  EXPECT_EQ(Y4mHeader(video),
            "YUV4MPEG2 W20 H10 F24000:1001 Ip A4:3 C420mpeg2 XYSCSS=420MPEG2 XCOLORRANGE=FULL\n");
  video.field_order = FieldOrder::kTopFirst;
  EXPECT_NE(Y4mHeader(video).find(" It "), std::string::npos);
  video.field_order = FieldOrder::kBottomFirst;
  EXPECT_NE(Y4mHeader(video).find(" Ib "), std::string::npos);
}

}  // namespace
}  // namespace furl::media
