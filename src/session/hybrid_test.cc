// Files whose video adds to a base: made, shown with furl, without it, and where parts are hurt.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "codec/enc/encoders.h"
#include "media/coded_io.h"
#include "media/test_clips.h"
#include "session/decoded_video.h"
#include "session/encode_run.h"
#include "session/model_store.h"

namespace furl::session {
namespace {

constexpr int kFrames = 40;
constexpr int kGop = 16;

class HybridFile : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string input = folder_ / "in.y4m";
    ASSERT_TRUE(media::Ffmpeg("-f lavfi -i testsrc2=s=160x128:r=25 -frames:v " +
                              std::to_string(kFrames) + " -pix_fmt yuv420p " + input));
    request_.input = input;
    request_.output = path_;
    request_.gop_seconds = kGop / 25.0;
    request_.encoder.preset = Preset::kFast;
    request_.base = media::BaseOptions{};
    request_.base->encoder = GetParam();
    request_.base->crf = -1;
  }

  // Codes the input and keeps the hashes of the encoder's pictures, by number.
  Result<EncodeOutcome> Encode() {
    EncodeJob job;
    job.crf = 44;
    job.family = CreateFamilyEncoder(ModelStore("").Default().value()).value();
    job.observer = [this](const FrameReport& report) {
      hashes_[report.original->pts] = FrameHash(*report.reconstruction);
    };
    return EncodeRun(request_, std::move(job), {}).Run();
  }

  // Copies the file without the packets that `drop` is true of, given how many of their stream
  // came before.
  std::string Without(const std::function<bool(const media::MediaPacket&, int)>& drop) {
    const std::string path = folder_ / "cut.mkv";
    const auto reader = media::OpenCoded(path_, {}).value();
    media::WriterOptions options;
    options.overwrite = true;
    const auto writer =
        media::OpenCodedWriter(path, reader->info(), reader->sequence_header(), options).value();
    std::map<int, int> seen;
    for (auto packet = reader->Next(); packet.ok(); packet = reader->Next()) {
      if (drop(*packet, seen[packet->stream]++)) continue;
      EXPECT_TRUE(writer->WritePacket(*packet).ok());
    }
    EXPECT_TRUE(writer->Finish().ok());
    return path;
  }

  struct Shown {
    std::map<int64_t, uint32_t> hashes;  // by number
    int64_t base_alone = 0;
  };
  static Shown Decode(const std::string& path) {
    Shown shown;
    const auto opened = DecodedVideo::Open(path, {});
    EXPECT_TRUE(opened.ok()) << opened.status().message();
    if (!opened.ok()) return shown;
    const auto& video = *opened;
    auto item = video->Next();
    for (int64_t number = 0; item.ok(); item = video->Next()) {
      shown.hashes[number++] = FrameHash(*item->frame);
      EXPECT_EQ(item->frame->width(), 160);
    }
    EXPECT_EQ(item.status().code(), StatusCode::kEndOfStream) << item.status().message();
    EXPECT_EQ(video->statistics().missing_frames, 0);
    shown.base_alone = video->base_alone();
    return shown;
  }

  // Mean squared error of luma against the input.
  double Error(media::VideoReader* shown) const {
    const auto original = media::OpenVideo(request_.input, {}).value();
    double sum = 0;
    for (auto item = shown->Next(); item.ok(); item = shown->Next()) {
      if (item->frame == nullptr) continue;
      const ConstFramePtr frame = original->Next()->frame;
      for (int y = 0; y < frame->height(); ++y) {
        for (int x = 0; x < frame->width(); ++x) {
          const int d = frame->plane(0).row(y)[x] - item->frame->plane(0).row(y)[x];
          sum += d * d;
        }
      }
    }
    return sum;
  }

  int SameAsCoded(const Shown& shown) const {
    int same = 0;
    for (const auto& [number, hash] : shown.hashes) same += hash == hashes_.at(number);
    return same;
  }

  media::TestFolder folder_;
  const std::string path_ = folder_ / "out.mkv";
  EncodeRequest request_;
  std::map<int64_t, uint32_t> hashes_;
};

TEST_P(HybridFile, ShowsTheEncodersPictures) {
  const auto outcome = Encode();
  ASSERT_TRUE(outcome.ok()) << outcome.status().message();
  EXPECT_EQ(outcome->frames, kFrames);
  EXPECT_GE(outcome->key_frames, kFrames / kGop);
  EXPECT_GT(outcome->base_bytes, 0);
  EXPECT_LT(outcome->base_bytes, outcome->video_bytes);
  const Shown shown = Decode(path_);
  EXPECT_EQ(shown.hashes, hashes_);
  EXPECT_EQ(shown.base_alone, 0);
}

// Every player takes the first track, which is the default one.
TEST_P(HybridFile, ShowsTheBaseWithoutFurl) {
  ASSERT_TRUE(Encode().ok());
  const auto reader = media::OpenVideo(path_, {}).value();
  EXPECT_NE(reader->info().video.codec, "furl");
  EXPECT_EQ(reader->info().video.width, 80);
  int frames = 0;
  for (auto item = reader->Next(); item.ok(); item = reader->Next())
    frames += item->frame != nullptr;
  EXPECT_EQ(frames, kFrames);
  const std::string tracks = media::Ffprobe(
      "-show_entries stream=width:stream_disposition=default -of csv " + path_, folder_);
  EXPECT_NE(tracks.find("stream,80,1\n"), std::string::npos) << tracks;
  EXPECT_NE(tracks.find("stream,160,0\n"), std::string::npos) << tracks;
}

TEST_P(HybridFile, ShowsTheBaseWhereFurlsPartIsMissing) {
  ASSERT_TRUE(Encode().ok());
  // The first GOP's last packets; then all.
  const Shown some = Decode(Without([](const media::MediaPacket& packet, int number) {
    return packet.stream == media::kVideoStream && number >= 10 && number < kGop;
  }));
  EXPECT_EQ(some.hashes.size(), size_t{kFrames});
  EXPECT_GE(some.base_alone, 1);
  EXPECT_EQ(SameAsCoded(some), kFrames - some.base_alone);
  const Shown none = Decode(Without([](const media::MediaPacket& packet, int number) {
    return packet.stream == media::kVideoStream && number > 0;
  }));
  EXPECT_EQ(none.hashes.size(), size_t{kFrames});
  EXPECT_EQ(none.base_alone, kFrames - 1);
}

// Then there is nothing to add to: what came before stays.
TEST_P(HybridFile, GoesOnWhereTheBaseEnds) {
  ASSERT_TRUE(Encode().ok());
  const Shown shown = Decode(Without([](const media::MediaPacket& packet, int number) {
    return packet.stream == media::kBaseStream && number >= 30;
  }));
  EXPECT_EQ(shown.hashes.size(), size_t{kFrames});
  EXPECT_GE(SameAsCoded(shown), kGop);
}

// One packet of furl's for each GOP, and better pictures than those of the base.
TEST_P(HybridFile, FiltersTheBase) {
  request_.base->scale = {1, 1};
  request_.encoder.base_use = BaseUse::kFilter;
  const auto outcome = Encode();
  ASSERT_TRUE(outcome.ok()) << outcome.status().message();
  EXPECT_EQ(outcome->frames, kFrames);
  EXPECT_LE(outcome->key_frames, 3);
  EXPECT_LT(outcome->video_bytes - outcome->base_bytes, outcome->video_bytes / 6);
  const Shown shown = Decode(path_);
  EXPECT_EQ(shown.hashes.size(), size_t{kFrames});
  EXPECT_EQ(shown.base_alone, 0);
  const std::string base = folder_ / "base.y4m";
  const std::string both = folder_ / "both.y4m";
  ASSERT_TRUE(media::Ffmpeg("-i " + path_ + " -map 0:v:0 " + base));
  const auto video = DecodedVideo::Open(path_, {}).value();
  EXPECT_LT(Error(video.get()), Error(media::OpenVideo(base, {}).value().get()));
}

// A filter that is lost leaves its GOP the base's; it doesn't go on with the one before.
TEST_P(HybridFile, ShowsTheBaseWhereAFilterIsMissing) {
  request_.base->scale = {1, 1};
  request_.encoder.base_use = BaseUse::kFilter;
  ASSERT_TRUE(Encode().ok());
  const Shown whole = Decode(path_);
  const Shown cut = Decode(Without([](const media::MediaPacket& packet, int number) {
    return packet.stream == media::kVideoStream && number == 1;
  }));
  EXPECT_EQ(cut.hashes.size(), size_t{kFrames});
  EXPECT_EQ(cut.base_alone, kGop);
  for (const auto& [number, hash] : whole.hashes) {
    const bool hurt = number >= kGop && number < 2 * kGop;
    if (hurt) continue;
    EXPECT_EQ(cut.hashes.at(number), hash) << number;
  }
}

// A good base below a poor quality: its pictures alone are the cheapest.
TEST_P(HybridFile, LeavesGopsToABaseThatIsGoodEnough) {
  request_.base->scale = {1, 1};
  request_.base->crf = 20;
  const auto outcome = Encode();
  ASSERT_TRUE(outcome.ok()) << outcome.status().message();
  EXPECT_LT(outcome->video_bytes - outcome->base_bytes, outcome->video_bytes / 10);
  const Shown shown = Decode(path_);
  EXPECT_EQ(shown.hashes.size(), size_t{kFrames});
  EXPECT_EQ(shown.base_alone, 0);
}

TEST_P(HybridFile, RefusesSenselessBases) {
  request_.base->scale = {1, 5};
  EXPECT_EQ(Encode().status().code(), StatusCode::kInvalidArgument);
  request_.base->scale = {1, 2};
  request_.input = folder_ / "tiny.y4m";  // its base has sides of 8
  ASSERT_TRUE(media::Ffmpeg("-f lavfi -i testsrc2=s=16x16:r=25 -frames:v 2 -pix_fmt yuv420p " +
                            request_.input));
  EXPECT_EQ(Encode().status().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_P(HybridFile, NeedsTwoTracks) {
  request_.output = folder_ / "out.furl";
  EXPECT_EQ(Encode().status().code(), StatusCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(request_.output));
}

INSTANTIATE_TEST_SUITE_P(Codecs, HybridFile, testing::Values("x264", "x265", "av1"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace furl::session
