// What becomes of pictures on their way from a file.

#include <gtest/gtest.h>

#include "media/filter/filter_graph.h"
#include "media/test_clips.h"
#include "media/write/raw_writers.h"

namespace furl::media {
namespace {

constexpr char kPicture[] = "-f lavfi -i testsrc2=s=64x48:r=25:d=0.4 ";

// Ten interlaced pictures whose fields are of different times: 25 of them per second.
bool MakeInterlaced(const std::string& path) {
  return Ffmpeg(
      "-f lavfi -i testsrc2=s=64x48:r=50:d=0.4 -vf tinterlace=4 -c:v mpeg2video "
      "-q:v 2 -flags +ildct+ilme -bf 0 " +
      path);
}

// How much neighbouring rows of luma differ more than every second one: fields that were woven.
double Combing(const ReadAll& all) {
  double combing = 0;
  for (const auto& frame : all.frames) {
    const ConstPlane y = frame->plane(0);
    for (int row = 2; row < y.height; ++row) {
      for (int x = 0; x < y.width; ++x) {
        combing += std::abs(y.row(row)[x] - y.row(row - 1)[x]);
        combing -= std::abs(y.row(row)[x] - y.row(row - 2)[x]);
      }
    }
  }
  return combing / static_cast<double>(all.frames.size());
}

bool Said(const ReadAll& all, const std::string& text) {
  for (const std::string& notice : all.notices) {
    if (notice.find(text) != std::string::npos) return true;
  }
  return false;
}

TEST(DeinterlaceTest, InterlacedPicturesAreDeinterlacedUnlessTheyAreToStay) {
  TestFolder dir;
  ASSERT_TRUE(HasFilter("bwdif"));
  ASSERT_TRUE(MakeInterlaced(dir / "a.mkv"));
  ReaderOptions options;
  const ReadAll progressive = ReadEverything(dir / "a.mkv", options);
  ASSERT_TRUE(progressive.status.ok()) << progressive.status.message();
  EXPECT_EQ(progressive.frames.size(), 10u);
  EXPECT_EQ(progressive.info.video.field_order, FieldOrder::kProgressive);
  EXPECT_TRUE(progressive.info.video.constant_frame_rate);
  EXPECT_TRUE(Said(progressive, "it is deinterlaced"));
  options.filter.deinterlace = Deinterlace::kNo;
  const ReadAll woven = ReadEverything(dir / "a.mkv", options);
  EXPECT_EQ(woven.frames.size(), 10u);
  EXPECT_EQ(woven.info.video.field_order, FieldOrder::kTopFirst);
  EXPECT_TRUE(Said(woven, "kept woven"));
  EXPECT_LT(Combing(progressive), Combing(woven) / 2);
  for (size_t i = 0; i < 10; ++i) EXPECT_EQ(progressive.frames[i]->pts, woven.frames[i]->pts);
}

TEST(DeinterlaceTest, FieldsBecomePictures) {
  TestFolder dir;
  ASSERT_TRUE(MakeInterlaced(dir / "a.mkv"));
  ReaderOptions options;
  options.filter.deinterlace = Deinterlace::kFields;
  const ReadAll all = ReadEverything(dir / "a.mkv", options);
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  EXPECT_EQ(all.frames.size(), 20u);
  EXPECT_EQ(all.info.video.frame_count, 20);
  EXPECT_EQ(all.info.video.frame_rate, (Rational{50, 1}));
  EXPECT_EQ(all.info.video.time_base, (Rational{1, 50}));
  for (size_t i = 1; i < all.frames.size(); ++i) {
    EXPECT_EQ(all.frames[i]->pts - all.frames[i - 1]->pts, 1);
  }
}

TEST(FilterTest, UsersFiltersComeBehindTheCrop) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v ffv1 -pix_fmt yuv420p " + (dir / "a.mkv")));
  ASSERT_TRUE(Ffmpeg("-i " + (dir / "a.mkv") + " -vf crop=32:24:8:8,negate -f rawvideo " +
                     (dir / "a.yuv")));
  ReaderOptions options;
  options.filter.crop = {32, 24, 8, 8};
  options.filter.graph = "negate";
  const ReadAll all = ReadEverything(dir / "a.mkv", options);
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  std::vector<uint8_t> bytes;
  for (const auto& frame : all.frames) AppendSamples(*frame, &bytes);
  EXPECT_TRUE(std::string(bytes.begin(), bytes.end()) == FileText(dir / "a.yuv"));
  EXPECT_EQ(all.info.video.time_base, (Rational{1, 25}));
  for (const char* bad : {"nosuchfilter", "scale=w=", "split"}) {
    options.filter.graph = bad;
    EXPECT_EQ(ReadEverything(dir / "a.mkv", options).status.code(), StatusCode::kUnsupported)
        << bad;
  }
}

TEST(FilterTest, FiltersMayChangeTheRate) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v ffv1 -pix_fmt yuv420p " + (dir / "a.mkv")));
  ReaderOptions options;
  options.filter.graph = "fps=10";
  const ReadAll all = ReadEverything(dir / "a.mkv", options);
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  EXPECT_EQ(all.frames.size(), 4u);
  EXPECT_EQ(all.info.video.frame_rate, (Rational{10, 1}));
  EXPECT_EQ(all.info.video.time_base, (Rational{1, 10}));
}

// Twice as many pictures, of which the last is there as long as it was before.
TEST(FilterTest, MorePicturesLastAsLong) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v libx264 -pix_fmt yuv420p " + (dir / "a.mp4")));
  ReaderOptions by_graph;
  by_graph.filter.graph = "fps=50";
  ReaderOptions by_rate;
  by_rate.filter.frame_rate = {50, 1};
  for (const ReaderOptions& options : {by_graph, by_rate}) {
    const ReadAll all = ReadEverything(dir / "a.mp4", options);
    ASSERT_TRUE(all.status.ok()) << all.status.message();
    ASSERT_EQ(all.frames.size(), 20u);
    EXPECT_EQ(all.frames.back()->pts, 19);
    EXPECT_EQ(all.frames.back()->duration, 1);
  }
}

TEST(FilterTest, NoiseIsTakenAway) {
  TestFolder dir;
  ASSERT_TRUE(
      Ffmpeg("-f lavfi -i color=gray:s=64x48:r=25:d=0.4 -vf noise=alls=20:allf=t -c:v ffv1 "
             "-pix_fmt yuv420p " +
             (dir / "a.mkv")));
  const auto noise = [](const ReadAll& all) {
    double sum = 0;
    const ConstPlane y = all.frames.back()->plane(0);
    for (int row = 0; row < y.height; ++row) {
      for (int x = 1; x < y.width; ++x) sum += std::abs(y.row(row)[x] - y.row(row)[x - 1]);
    }
    return sum;
  };
  ReaderOptions options;
  double before = noise(ReadEverything(dir / "a.mkv", options));
  for (const Denoise strength : {Denoise::kLight, Denoise::kMedium, Denoise::kStrong}) {
    options.filter.denoise = strength;
    const double after = noise(ReadEverything(dir / "a.mkv", options));
    EXPECT_LT(after, before);
    before = after;
  }
}

TEST(FilterTest, HdrBecomesSdr) {
  TestFolder dir;
  if (!HasFilter("zscale") || !HasFilter("tonemap")) GTEST_SKIP() << "FFmpeg without zimg";
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) +
                     "-c:v ffv1 -pix_fmt yuv420p10le -color_trc smpte2084 -color_primaries bt2020 "
                     "-colorspace bt2020nc -color_range tv " +
                     (dir / "a.mkv")));
  ReaderOptions options;
  EXPECT_EQ(ReadEverything(dir / "a.mkv", options).info.video.color.transfer, 16);
  options.filter.tone_map = true;
  const ReadAll all = ReadEverything(dir / "a.mkv", options);
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  EXPECT_EQ(all.info.video.color.transfer, 1);
  EXPECT_EQ(all.info.video.color.primaries, 1);
  EXPECT_EQ(all.info.video.color.matrix, 1);
  EXPECT_EQ(all.info.video.bit_depth, 10);
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v ffv1 -pix_fmt yuv420p " + (dir / "b.mkv")));
  EXPECT_TRUE(Said(ReadEverything(dir / "b.mkv", options), "not HDR"));
}

TEST(FilterTest, RotationIsKeptOrApplied) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v libx264 -qp 0 " + (dir / "a.mp4")));
  ASSERT_TRUE(
      Ffmpeg("-i " + (dir / "a.mp4") + " -c copy -metadata:s:v rotate=90 " + (dir / "turned.mp4")));
  ReaderOptions options;
  const ReadAll kept = ReadEverything(dir / "turned.mp4", options);
  const int rotation = kept.info.video.rotation;  // FFmpeg 5 counts the tag the other way round
  ASSERT_TRUE(rotation == 90 || rotation == 270) << rotation;
  EXPECT_EQ(kept.info.video.width, 64);
  options.turn_upright = true;
  const ReadAll upright = ReadEverything(dir / "turned.mp4", options);
  EXPECT_EQ(upright.info.video.rotation, 0);
  ASSERT_EQ(upright.info.video.width, 48);
  ASSERT_EQ(upright.info.video.height, 64);
  // Clockwise the upper row becomes the right column, counterclockwise the left one from below.
  const ConstPlane before = kept.frames[0]->plane(0);
  const ConstPlane after = upright.frames[0]->plane(0);
  for (int x = 0; x < 64; ++x) {
    const int turned = rotation == 90 ? after.row(x)[47] : after.row(63 - x)[0];
    EXPECT_EQ(turned, before.row(0)[x]) << x;
  }
}

TEST(FilterTest, LostTransparencyIsTold) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg(std::string(kPicture) + "-c:v ffv1 -pix_fmt yuva420p " + (dir / "a.mkv")));
  const ReadAll all = ReadEverything(dir / "a.mkv");
  ASSERT_TRUE(all.status.ok()) << all.status.message();
  EXPECT_TRUE(Said(all, "transparency"));
}

}  // namespace
}  // namespace furl::media
