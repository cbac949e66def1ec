// Hybrid video in mp4, where the base's packets carry furl's: the pictures are those of Matroska,
// also in copies that other programs make, and where the messages are hurt or gone.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bitstream/user_data.h"
#include "codec/enc/encoders.h"
#include "media/coded_io.h"
#include "media/test_clips.h"
#include "session/decoded_video.h"
#include "session/encode_run.h"
#include "session/model_store.h"

namespace furl::session {
namespace {

constexpr int kFrames = 40;

struct Case {
  const char* encoder;
  const char* name;  // of the codec, for bit stream filters
  const char* sei;   // types of its units
  const char* rate;  // of the input
};
constexpr Case kCases[] = {{"x264", "h264", "6", "30000/1001"}, {"x265", "hevc", "39|40", "25"}};

class CarriedFile : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    request_.input = folder_ / "in.mkv";
    ASSERT_TRUE(media::Ffmpeg(std::string("-f lavfi -i testsrc2=s=160x128:r=") + GetParam().rate +
                              " -f lavfi -i sine=440 -frames:v " + std::to_string(kFrames) +
                              " -shortest -pix_fmt yuv420p -c:v ffv1 -c:a aac " + request_.input));
    request_.gop_seconds = 0.64;
    request_.encoder.preset = Preset::kFast;
    request_.encoder.base_use = BaseUse::kFull;
    request_.base = media::BaseOptions{};
    request_.base->encoder = GetParam().encoder;
    request_.base->crf = 40;
  }

  Result<EncodeOutcome> Encode(const std::string& name) {
    request_.output = folder_ / name;
    request_.overwrite = true;
    EncodeJob job;
    job.crf = 44;
    job.family = CreateFamilyEncoder(ModelStore("").Default().value()).value();
    return EncodeRun(request_, std::move(job), {}).Run();
  }

  struct Shown {
    std::vector<uint32_t> hashes;
    std::vector<int64_t> times;  // since the first, in ms
    int64_t base_alone = 0;
  };
  static Shown Decode(const std::string& path) {
    Shown shown;
    const auto video = DecodedVideo::Open(path, {});
    EXPECT_TRUE(video.ok()) << path << ": " << video.status().message();
    if (!video.ok()) return shown;
    const double ms = (*video)->info().video.time_base.value() * 1000;
    std::vector<int64_t> times;
    auto item = (*video)->Next();
    for (; item.ok(); item = (*video)->Next()) {
      if (item->frame == nullptr) continue;
      shown.hashes.push_back(FrameHash(*item->frame));
      times.push_back(item->frame->pts);
    }
    EXPECT_EQ(item.status().code(), StatusCode::kEndOfStream) << item.status().message();
    for (const int64_t pts : times) {
      shown.times.push_back(std::llround(static_cast<double>(pts - times.front()) * ms));
    }
    shown.base_alone = (*video)->base_alone();
    return shown;
  }

  // A file that ffmpeg makes of the one before.
  std::string Copy(const std::string& from, const std::string& to,
                   const std::string& options = "") {
    EXPECT_TRUE(
        media::Ffmpeg("-i " + (folder_ / from) + " -c copy " + options + " " + (folder_ / to)));
    return folder_ / to;
  }

  media::TestFolder folder_;
  EncodeRequest request_;
};

// Above one base: x264 0.164 reads memory that it has not written, so two of its streams of the
// same video may differ (ffmpeg -c:v libx264 with different MALLOC_PERTURB_ shows it).
TEST_P(CarriedFile, ShowsThePicturesOfMatroska) {
  request_.base.reset();
  request_.base_file = folder_ / "base.mp4";
  ASSERT_TRUE(media::Ffmpeg("-i " + request_.input + " -c:v lib" + GetParam().encoder +
                            " -c:a copy -g 16 -bf 2 -fps_mode passthrough " + request_.base_file));
  for (const BaseUse use : {BaseUse::kFull, BaseUse::kFilter}) {
    request_.encoder.base_use = use;
    auto outcome = Encode("two.mkv");
    ASSERT_TRUE(outcome.ok()) << outcome.status().message();
    outcome = Encode("one.mp4");
    ASSERT_TRUE(outcome.ok()) << outcome.status().message();
    const Shown two = Decode(folder_ / "two.mkv");
    const Shown one = Decode(folder_ / "one.mp4");
    ASSERT_EQ(two.hashes.size(), size_t{kFrames});
    EXPECT_EQ(one.hashes, two.hashes);
    EXPECT_EQ(one.times, two.times);
    EXPECT_EQ(one.base_alone, 0);
  }
}

TEST_P(CarriedFile, SurvivesCopiesByOthers) {
  ASSERT_TRUE(Encode("one.mp4").ok());
  const Shown one = Decode(folder_ / "one.mp4");
  Copy("one.mp4", "a.ts");
  Copy("one.mp4", "a.mkv");
  Copy("a.ts", "b.mp4");
  Copy("a.ts", "b.mkv");
  Copy("one.mp4", "c.mp4", "-movflags frag_keyframe+empty_moov");
  for (const char* name : {"a.ts", "a.mkv", "b.mp4", "b.mkv", "c.mp4"}) {
    const Shown copy = Decode(folder_ / name);
    EXPECT_EQ(copy.hashes, one.hashes) << name;
    EXPECT_EQ(copy.base_alone, 0) << name;
  }
}

// From a key frame on.
TEST_P(CarriedFile, CanBeCut) {
  ASSERT_TRUE(Encode("one.mp4").ok());
  const Shown one = Decode(folder_ / "one.mp4");
  Copy("one.mp4", "a.ts");
  ASSERT_TRUE(
      media::Ffmpeg("-ss 0.7 -i " + (folder_ / "a.ts") + " -c copy " + (folder_ / "cut.ts")));
  const Shown cut = Decode(folder_ / "cut.ts");
  ASSERT_FALSE(cut.hashes.empty());
  ASSERT_LT(cut.hashes.size(), one.hashes.size());
  EXPECT_TRUE(std::equal(cut.hashes.rbegin(), cut.hashes.rend(), one.hashes.rbegin()));
}

TEST_P(CarriedFile, IsTheBaseForOthers) {
  ASSERT_TRUE(Encode("one.mp4").ok());
  const auto plain = media::OpenVideo(folder_ / "one.mp4", {}).value();
  EXPECT_EQ(plain->info().video.width, 80);
  int frames = 0;
  for (auto item = plain->Next(); item.ok(); item = plain->Next()) frames += item->frame != nullptr;
  EXPECT_EQ(frames, kFrames);
  // Without the messages nothing of furl's is left.
  Copy("one.mp4", "no.mp4",
       std::string("-bsf:v filter_units=remove_types='") + GetParam().sei + "'");
  EXPECT_EQ(DecodedVideo::Open(folder_ / "no.mp4", {}).status().code(), StatusCode::kUnsupported);
}

TEST_P(CarriedFile, ShowsTheBaseWhereMessagesAreHurt) {
  ASSERT_TRUE(Encode("one.mp4").ok());
  const Shown one = Decode(folder_ / "one.mp4");
  std::string bytes = media::FileText(folder_ / "one.mp4");
  const std::string uuid(kUserDataUuid.begin(), kUserDataUuid.end());
  std::vector<size_t> places;
  for (size_t at = bytes.find(uuid); at != std::string::npos; at = bytes.find(uuid, at + 1)) {
    places.push_back(at);
  }
  ASSERT_GE(places.size(), size_t{kFrames});
  // One is furl's no longer, one has another time, the third a wrong packet.
  bytes[places[6]] ^= 1;
  bytes[places[9] + 17] ^= 4;
  bytes[places[12] + 24] ^= 16;
  std::ofstream(folder_ / "hurt.mp4", std::ios::binary) << bytes;
  const Shown hurt = Decode(folder_ / "hurt.mp4");
  EXPECT_EQ(hurt.hashes.size(), one.hashes.size());
  EXPECT_GE(hurt.base_alone, 3);
  EXPECT_LT(hurt.base_alone, kFrames / 2);
}

INSTANTIATE_TEST_SUITE_P(Codecs, CarriedFile, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.encoder); });

TEST(CarriedFileTest, NeedsABaseThatCanCarry) {
  const media::TestFolder folder;
  EncodeRequest request;
  request.input = folder / "in.y4m";
  request.output = folder / "out.mp4";
  ASSERT_TRUE(media::Ffmpeg("-f lavfi -i testsrc2=s=160x128:r=25 -frames:v 2 -pix_fmt yuv420p " +
                            request.input));
  const auto run = [&request] {
    EncodeJob job;
    job.family = CreateFamilyEncoder(ModelStore("").Default().value()).value();
    return EncodeRun(request, std::move(job), {}).Run().status();
  };
  EXPECT_EQ(run().code(), StatusCode::kInvalidArgument);
  request.base = media::BaseOptions{};
  request.base->encoder = "av1";
  const Status av1 = run();
  EXPECT_EQ(av1.code(), StatusCode::kUnsupported);
  EXPECT_NE(av1.message().find(".mkv"), std::string::npos) << av1.message();
  EXPECT_FALSE(std::filesystem::exists(request.output));
}

}  // namespace
}  // namespace furl::session
