// Plans, their chunks and what these join to.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bitstream/sequence_header.h"
#include "codec/enc/encoders.h"
#include "media/test_clips.h"
#include "session/chunks/code_chunk.h"
#include "session/chunks/plan_scan.h"
#include "session/chunks/stored_chunks.h"
#include "session/model_store.h"
#include "session/original_video.h"
#include "session/video_coder.h"

namespace furl::session {
namespace {

constexpr double kCrf = 45;
constexpr int kFirstScene = 260;
constexpr int kFrames = 300;

// Two scenes with sound; the second one 40 frames long.
constexpr char kScenes[] =
    "-f lavfi -i testsrc2=s=64x48:r=25:d=10.4 -f lavfi -i mandelbrot=s=64x48:r=25 "
    "-f lavfi -i sine=f=440:d=12 -filter_complex "
    "\"[1:v]trim=duration=1.6,format=yuv420p[b];[0:v]format=yuv420p[a];[a][b]concat[v]\" "
    "-map [v] -map 2:a -c:a aac -shortest ";

class ChunksTest : public testing::Test {
 protected:
  void SetUp() override {
    family_ = CreateFamilyEncoder(ModelStore("").Default().value()).value();
    request_.input = dir_ / "in.mkv";
    request_.output = dir_ / "whole.mkv";
    request_.overwrite = true;
    request_.gop_seconds = 1;
    request_.encoder.preset = Preset::kFast;
  }

  void MakeInput(const std::string& options) {
    ASSERT_TRUE(media::Ffmpeg(kScenes + options + " " + request_.input));
  }

  Result<EncodePlan> MakePlan() const {
    media::ReaderOptions options = request_.reader;
    options.other_streams = false;
    FURL_ASSIGN_OR_RETURN(auto reader, OpenOriginal(request_.input, options));
    media::MediaInfo info = reader->info();
    FURL_ASSIGN_OR_RETURN(const auto coder, VideoCoder::Create(request_, kCrf, family_, &info));
    FURL_ASSIGN_OR_RETURN(const auto header, ParseSequenceHeader(coder->sequence_header()));
    EncodePlan plan;
    plan.input = request_.input;
    plan.options = {"--crf", "45"};
    plan.crf = kCrf;
    plan.model_name = "default";
    plan.model_id = "00";
    plan.width = info.video.width;
    plan.height = info.video.height;
    plan.bit_depth = info.video.bit_depth;
    plan.time_base = info.video.time_base;
    FURL_ASSIGN_OR_RETURN(plan.chunks, FindChunks(reader.get(), header.gop_length, {}));
    return plan;
  }

  EncodeJob Job() const {
    EncodeJob job;
    job.crf = kCrf;
    job.family = family_;
    return job;
  }

  Result<EncodeOutcome> Join(const ChunkStore& store, const std::string& output) {
    EncodeRequest request = request_;
    request.output = output;
    EncodeJob job = Job();
    job.instead = [&store](std::span<const uint8_t> header) {
      return std::make_unique<StoredChunks>(store, header);
    };
    return EncodeRun(request, std::move(job), {}).Run();
  }

  ChunkStore MakeStore(const EncodePlan& plan) const {
    std::filesystem::create_directory(dir_ / "chunks");
    return ChunkStore(plan, dir_ / "chunks");
  }

  Status CodeAll(const ChunkStore& store) {
    notices_.clear();
    EncodeHooks hooks;
    hooks.notice = [this](const std::string& text) { notices_.push_back(text); };
    for (size_t chunk = store.plan().chunks.size(); chunk-- > 0;) {
      FURL_RETURN_IF_ERROR(CodeChunk(request_, store, chunk, family_, hooks).status());
      FURL_RETURN_IF_ERROR(store.Check(chunk));
    }
    return OkStatus();
  }

  // Coded backwards, chunk by chunk, it is what one run makes.
  void ExpectSameFile() {
    const auto whole = EncodeRun(request_, Job(), {}).Run();
    ASSERT_TRUE(whole.ok()) << whole.status().message();
    const auto plan = MakePlan();
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    ASSERT_EQ(plan->chunks.size(), 2u);
    EXPECT_EQ(plan->chunks[1].first, kFirstScene);
    const ChunkStore store = MakeStore(*plan);
    const Status coded = CodeAll(store);
    ASSERT_TRUE(coded.ok()) << coded.message();
    const std::string output =
        dir_ / ("joined" + std::filesystem::path(request_.output).extension().string());
    const auto joined = Join(store, output);
    ASSERT_TRUE(joined.ok()) << joined.status().message();
    EXPECT_EQ(joined->frames, whole->frames);
    EXPECT_EQ(joined->key_frames, whole->key_frames);
    EXPECT_EQ(joined->video_bytes, whole->video_bytes);
    EXPECT_TRUE(media::FileText(output) == media::FileText(request_.output));
  }

  media::TestFolder dir_;
  FamilyEncoderPtr family_;
  EncodeRequest request_;
  std::vector<std::string> notices_;
};

TEST_F(ChunksTest, JoinToTheFileOfOneEncode) {
  MakeInput("-c:v libx264 -bf 2 -g 50");
  ExpectSameFile();
  EXPECT_TRUE(notices_.empty()) << notices_[0];
}

TEST_F(ChunksTest, JoinInLowDelayAndBare) {
  MakeInput("-c:v mpeg4 -g 30");
  request_.encoder.low_delay = true;
  ExpectSameFile();
  request_.output = dir_ / "whole.furl";
  ExpectSameFile();
}

TEST_F(ChunksTest, JoinOfPartsOfInterlacedVideo) {
  MakeInput("-c:v mpeg2video -flags +ilme+ildct -top 1 -g 12");
  request_.reader.filter.crop = {48, 32, -1, -1};
  ExpectSameFile();
  EXPECT_TRUE(notices_.empty()) << notices_[0];
}

TEST_F(ChunksTest, ReadFromTheBeginningWhereFiltersRemember) {
  MakeInput("-c:v libx264");
  request_.reader.filter.denoise = media::Denoise::kLight;
  ExpectSameFile();
  EXPECT_EQ(notices_.size(), 1u);
}

TEST_F(ChunksTest, AnotherInputIsNoticed) {
  MakeInput("-c:v libx264");
  const EncodePlan plan = MakePlan().value();
  const ChunkStore store = MakeStore(plan);
  ASSERT_TRUE(CodeAll(store).ok());
  ASSERT_TRUE(media::Ffmpeg("-f lavfi -i testsrc=s=64x48:r=25:d=12 -y " + request_.input));
  EXPECT_EQ(CodeAll(store).code(), StatusCode::kInvalidStream);
  ASSERT_TRUE(media::Ffmpeg("-f lavfi -i testsrc=s=64x48:r=25:d=10 -y " + request_.input));
  const auto joined = Join(store, dir_ / "joined.mkv");
  EXPECT_EQ(joined.status().code(), StatusCode::kInvalidStream);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "joined.mkv"));
}

TEST_F(ChunksTest, MissingAndDamagedOnesAreKnown) {
  MakeInput("-c:v libx264");
  const EncodePlan plan = MakePlan().value();
  const ChunkStore store = MakeStore(plan);
  EXPECT_EQ(store.Look(0), ChunkState::kMissing);
  ASSERT_TRUE(CodeAll(store).ok());
  EXPECT_EQ(store.Look(0), ChunkState::kDone);
  EXPECT_EQ(store.Look(1), ChunkState::kDone);
  std::string bytes = media::FileText(store.StreamPath(1));
  bytes[bytes.size() / 2] ^= 1;
  std::ofstream(store.StreamPath(1), std::ios::binary) << bytes;
  EXPECT_EQ(store.Check(1).code(), StatusCode::kInvalidStream);
  EXPECT_EQ(Join(store, dir_ / "joined.mkv").status().code(), StatusCode::kInvalidStream);
  std::filesystem::resize_file(store.StreamPath(1), bytes.size() / 2);
  EXPECT_EQ(store.Look(1), ChunkState::kDamaged);
  EncodePlan other = plan;
  other.crf = 30;
  const ChunkStore others(other, store.folder());
  EXPECT_EQ(others.Look(0), ChunkState::kDamaged);
  EXPECT_NE(others.plan_id(), store.plan_id());
}

TEST_F(ChunksTest, PlansAreReadAsTheyWereWritten) {
  MakeInput("-c:v libx264");
  EncodePlan plan = MakePlan().value();
  plan.sampled = {{44, 0, 81234.5, 0}, {46, 0, 61000, 0}};
  plan.tries = {{45, 70000.25, 72000, false}};
  const std::string path = dir_ / "a.plan";
  ASSERT_TRUE(WritePlan(plan, path, false).ok());
  const auto read = ReadPlan(path);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(PlanId(*read), PlanId(plan));
  EXPECT_EQ(read->frames(), kFrames);
  EXPECT_EQ(read->chunks[1].gops, plan.chunks[1].gops);
  ASSERT_EQ(read->sampled.size(), 2u);
  EXPECT_EQ(read->sampled[1].crf, 46);
  ASSERT_EQ(read->tries.size(), 1u);
  EXPECT_EQ(read->tries[0].limit, 72000);
  std::string text = media::FileText(path);
  text.replace(text.find("\"crf\": 45"), 9, "\"crf\": 44");
  std::ofstream(path, std::ios::binary) << text;
  EXPECT_EQ(ReadPlan(path).status().code(), StatusCode::kInvalidStream);
  EXPECT_NE(ReadPlan(path).status().message().find("a.plan: id"), std::string::npos);
}

}  // namespace
}  // namespace furl::session
