// What furl adds to a file that is there already: nothing of it changes, and both must be of one
// video.

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
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
constexpr double kTick = 0.002;  // coarser than any container here

struct Base {
  const char* name;
  const char* suffix;
  const char* options;  // of ffmpeg
};
constexpr Base kBases[] = {
    {"H264InMp4", ".mp4", "-vf scale=80:64 -c:v libx264 -crf 38 -g 16 -c:a aac"},
    {"H264InTransportStream", ".ts", "-vf scale=80:64 -c:v libx264 -crf 38 -g 16 -c:a mp2"},
    {"H265InMatroska", ".mkv",
     "-vf scale=106:86 -c:v libx265 -x265-params log-level=none -crf 38 -g 16 -c:a libopus"},
    {"Av1InMp4", ".mp4", "-c:v libsvtav1 -crf 60 -preset 10 -g 16 -c:a aac"},
};

class Enhance : public testing::TestWithParam<Base> {
 protected:
  void SetUp() override {
    setenv("SVT_LOG", "1", 0);
    request_.input = folder_ / "in.mkv";
    request_.base_file = folder_ / (std::string("base") + GetParam().suffix);
    request_.output = folder_ / "out.mkv";
    request_.encoder.preset = Preset::kFast;
    ASSERT_TRUE(media::Ffmpeg(
        "-f lavfi -i testsrc2=s=160x128:r=30000/1001 -f lavfi -i sine=440 -frames:v " +
        std::to_string(kFrames) + " -shortest -pix_fmt yuv420p -c:v ffv1 -c:a flac " +
        request_.input));
    ASSERT_TRUE(media::Ffmpeg("-i " + request_.input + " " + GetParam().options + " " +
                              request_.base_file));
  }

  Result<EncodeOutcome> Run() {
    EncodeJob job;
    job.crf = 40;
    job.family = CreateFamilyEncoder(ModelStore("").Default().value()).value();
    job.observer = [this](const FrameReport& report) {
      hashes_.push_back({report.original->pts, FrameHash(*report.reconstruction)});
    };
    return EncodeRun(request_, std::move(job), {}).Run();
  }

  struct Packets {
    std::vector<std::vector<uint8_t>> data;
    std::vector<double> seconds;
  };
  static void Add(const media::MediaPacket& packet, Rational ticks, Packets* to) {
    to->data.push_back(packet.data);
    to->seconds.push_back(static_cast<double>(packet.pts) * ticks.value());
  }

  media::TestFolder folder_;
  EncodeRequest request_;
  std::vector<std::pair<int64_t, uint32_t>> hashes_;
};

TEST_P(Enhance, KeepsTheBaseAndShowsTheEncodersPictures) {
  request_.encoder.base_use = BaseUse::kFull;
  const auto outcome = Run();
  ASSERT_TRUE(outcome.ok()) << outcome.status().message();
  EXPECT_EQ(outcome->frames, kFrames);

  media::ReaderOptions options;
  options.video_packets = true;
  const auto base = media::OpenVideo(request_.base_file, options).value();
  Packets was;
  for (auto item = base->Next(); item.ok(); item = base->Next()) {
    if (item->packet == nullptr || item->packet->stream != media::kBaseStream) continue;
    Add(*item->packet, base->info().video.time_base, &was);
  }
  const auto reader = media::OpenCoded(request_.output, {}).value();
  EXPECT_EQ(reader->info().streams.size(), 1u);
  Packets is;
  for (auto packet = reader->Next(); packet.ok(); packet = reader->Next()) {
    if (packet->stream != media::kBaseStream) continue;
    Add(*packet, reader->info().video.time_base, &is);
  }
  EXPECT_EQ(was.data.size(), size_t{kFrames});
  EXPECT_EQ(is.data, was.data);
  for (size_t i = 0; i < is.seconds.size(); ++i) {
    EXPECT_NEAR(is.seconds[i], was.seconds[i], kTick) << i;
  }

  const auto video = DecodedVideo::Open(request_.output, {}).value();
  std::map<int64_t, uint32_t> shown;
  for (auto item = video->Next(); item.ok(); item = video->Next()) {
    if (item->frame != nullptr) shown[item->frame->pts] = FrameHash(*item->frame);
  }
  EXPECT_EQ(shown, (std::map<int64_t, uint32_t>(hashes_.begin(), hashes_.end())));
  EXPECT_EQ(video->base_alone(), 0);
}

// Too short, too long, and with a pause that the base doesn't have.
TEST_P(Enhance, RefusesAnOriginalThatIsAnother) {
  struct Case {
    const char* options;  // of ffmpeg
    const char* seconds;
    bool base_has_more;
  };
  const Case cases[] = {{"-frames:v 30", "1.001 s", true},
                        {"-vf tpad=stop=5", "1.335 s", false},
                        {"-vf 'setpts=PTS+0.5*gt(N\\,9)/TB' -vsync vfr", "0.334 s", true}};
  const std::string original = request_.input;
  request_.input = folder_ / "other.mkv";
  for (const Case& c : cases) {
    ASSERT_TRUE(media::Ffmpeg("-i " + original + " -c:v ffv1 " + c.options + " " + request_.input));
    const Status status = Run().status();
    EXPECT_EQ(status.code(), StatusCode::kVerifyFailed) << c.options;
    const std::string& has = c.base_has_more ? request_.base_file : request_.input;
    const std::string expected = has + " has a picture " + c.seconds;
    EXPECT_NE(status.message().find(expected), std::string::npos) << status.message();
    EXPECT_FALSE(std::filesystem::exists(request_.output));
  }
}

// Each in its words, before anything is coded.
TEST_P(Enhance, RefusesWhatCantBeABase) {
  struct Case {
    const char* options;
    const char* says;
  };
  const Case cases[] = {{"-c:v mpeg4", "a base of mpeg4"},
                        {"-c:v libx264 -pix_fmt yuv444p", "its pictures are yuv444p"},
                        {"-c:v libx264 -vf scale=320:256", "no larger"},
                        {"-c:v libx264 -vf scale=32:32", "at least a quarter"},
                        {"-c:v libx264 -pix_fmt yuv420p10le", "has 10 bit"}};
  request_.base_file = folder_ / "no.mp4";
  for (const Case& c : cases) {
    ASSERT_TRUE(
        media::Ffmpeg("-i " + request_.input + " -an " + c.options + " " + request_.base_file));
    const Status status = Run().status();
    EXPECT_EQ(status.code(), StatusCode::kUnsupported) << c.options;
    EXPECT_NE(status.message().find(c.says), std::string::npos) << status.message();
    EXPECT_FALSE(std::filesystem::exists(request_.output));
  }
}

INSTANTIATE_TEST_SUITE_P(Bases, Enhance, testing::ValuesIn(kBases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace furl::session
