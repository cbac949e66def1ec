// What a family says that it can do is what drivers do with it.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "bitstream/sequence_header.h"
#include "codec/coding.h"
#include "codec/wrapped_family.h"
#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

using Watch = WatchedFamily::Watch;

const model::ModelPtr& Model() {
  static const model::ModelPtr model = MakeDctModel();
  return model;
}

CodedVideo Encode(const std::vector<ConstFramePtr>& video, const FamilyTraits& traits,
                  Watch watch = nullptr) {
  const auto family = std::make_shared<WatchedFamily>(Model(), traits, std::move(watch));
  return EncodeVideo(video, {}, FamilyEncoderPtr(std::make_shared<WatchedEncoder>(family)));
}

DecodedVideo Decode(const CodedVideo& coded, const FamilyTraits& traits, int threads = 0,
                    Watch watch = nullptr) {
  const FamilyPtr family = std::make_shared<WatchedFamily>(Model(), traits, std::move(watch));
  return DecodeVideo(coded, {.threads = threads}, family);
}

void ExpectExact(const CodedVideo& coded, const DecodedVideo& decoded) {
  EXPECT_TRUE(decoded.errors.empty());
  ASSERT_EQ(decoded.frames.size(), coded.hashes.size());
  for (size_t i = 0; i < coded.hashes.size(); ++i) {
    EXPECT_EQ(FrameHash(*decoded.frames[i]), coded.hashes[i]) << "frame " << i;
  }
}

const std::vector<ConstFramePtr>& Video() {
  static const std::vector<ConstFramePtr> video = MakeVideo(64, 48, 8, 18);
  return video;
}

TEST(Traits, WithoutInterEveryFrameIsAKeyFrame) {
  const FamilyTraits intra_only = {.inter = false};
  const CodedVideo coded = Encode(Video(), intra_only);
  for (const EncodedPacket& packet : coded.packets) EXPECT_TRUE(packet.key);
  EXPECT_EQ(ParseSequenceHeader(coded.header)->gop_length, 1);
  ExpectExact(coded, Decode(coded, intra_only));
}

TEST(Traits, WithoutInterOtherFramesAreRefused) {
  const DecodedVideo decoded = Decode(Encode(Video(), {}), {.inter = false});
  EXPECT_EQ(decoded.frames.size(), 1u);
  EXPECT_GE(decoded.errors.size(), Video().size() - 1);
  for (const Status& error : decoded.errors) EXPECT_EQ(error.code(), StatusCode::kInvalidStream);
}

bool InDisplayOrder(const CodedVideo& coded) {
  return std::is_sorted(
      coded.packets.begin(), coded.packets.end(),
      [](const EncodedPacket& a, const EncodedPacket& b) { return a.pts < b.pts; });
}

TEST(Traits, WithoutReorderingPacketsComeInDisplayOrder) {
  const FamilyTraits forward = {.reorders = false};
  const CodedVideo coded = Encode(Video(), forward);
  EXPECT_TRUE(InDisplayOrder(coded));
  EXPECT_TRUE(ParseSequenceHeader(coded.header)->low_delay);
  ExpectExact(coded, Decode(coded, forward));
  EXPECT_FALSE(InDisplayOrder(Encode(Video(), {})));
}

TEST(Traits, WithoutReorderingTheFutureIsRefused) {
  const DecodedVideo decoded = Decode(Encode(Video(), {}), {.reorders = false});
  ASSERT_FALSE(decoded.errors.empty());
  EXPECT_EQ(decoded.errors[0].code(), StatusCode::kInvalidStream);
}

TEST(Traits, WithoutQpMapNobodyHasOne) {
  for (const bool has : {false, true}) {
    std::atomic<int> maps = 0;
    const auto count = [&](const FrameTask& task, FrameOutput*) { maps += task.qp_map != nullptr; };
    const FamilyTraits traits = {.qp_map = has};
    const CodedVideo coded = Encode(Video(), traits, count);
    EXPECT_EQ(maps, has ? 18 : 0);
    ExpectExact(coded, Decode(coded, traits, 2, count));
    EXPECT_EQ(maps, has ? 36 : 0);
  }
}

// A report tells of the map that is in the stream.
TEST(Traits, WithoutQpMapReportsHaveNone) {
  for (const bool has : {false, true}) {
    const auto family = std::make_shared<WatchedFamily>(Model(), FamilyTraits{.qp_map = has});
    EncoderSettings settings;
    settings.width = 64;
    settings.height = 48;
    const auto encoder =
        Encoder::Create(settings, FamilyEncoderPtr(std::make_shared<WatchedEncoder>(family)))
            .value();
    int blocks = 0;
    encoder->SetObserver([&](const FrameReport& report) { blocks += report.qp_map->cols(); });
    const auto drop = [](const EncodedPacket&) { return OkStatus(); };
    for (const ConstFramePtr& frame : Video()) {
      ASSERT_TRUE(CodeFrame(encoder.get(), frame, drop).ok());
    }
    ASSERT_TRUE(CodeFrame(encoder.get(), nullptr, drop).ok());
    EXPECT_EQ(blocks > 0, has);
  }
}

TEST(Traits, InOrderMeansOneAfterTheOther) {
  const FamilyTraits recurrent = {.in_order = true};
  std::vector<int> coded_qps;
  const CodedVideo coded = Encode(Video(), recurrent, [&](const FrameTask& task, FrameOutput*) {
    coded_qps.push_back(task.qp);
  });
  std::mutex mutex;
  std::vector<int> qps;
  std::atomic<int> active = 0;
  std::atomic<int> most = 0;
  const auto watch = [&](const FrameTask& task, FrameOutput*) {
    most = std::max<int>(most, ++active);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    --active;
    const std::lock_guard<std::mutex> lock(mutex);
    qps.push_back(task.qp);
  };
  ExpectExact(coded, Decode(coded, recurrent, 4, watch));
  EXPECT_EQ(most, 1);
  EXPECT_EQ(qps, coded_qps);
}

// What the test families keep of a frame: a number made of its own and its references'.
struct Note : FamilyMemory {
  explicit Note(uint64_t v) : value(v) {}
  const uint64_t value;
};

TEST(Memory, TravelsWithTheReferences) {
  std::mutex mutex;
  std::vector<uint64_t> notes[2];  // of the encoder and of the decoder
  int with_two = 0;
  const auto keep = [&](int side) {
    return [&, side](const FrameTask& task, FrameOutput* output) {
      const std::lock_guard<std::mutex> lock(mutex);
      uint64_t value = static_cast<uint64_t>(task.qp);
      for (const FamilyMemory* memory : task.memory) {
        value = value * 1000003 + (memory != nullptr ? static_cast<const Note*>(memory)->value : 1);
      }
      EXPECT_EQ(task.memory[0] == nullptr, task.intra());
      with_two += task.memory[1] != nullptr;
      output->memory = std::make_shared<Note>(value);
      notes[side].push_back(value);
    };
  };
  const CodedVideo coded = Encode(Video(), {}, keep(0));
  EXPECT_GT(with_two, 0);
  ExpectExact(coded, Decode(coded, {}, 3, keep(1)));
  for (std::vector<uint64_t>& side : notes) std::sort(side.begin(), side.end());
  EXPECT_EQ(notes[0], notes[1]);
}

}  // namespace
}  // namespace furl::test
