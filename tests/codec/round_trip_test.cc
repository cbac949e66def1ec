// The whole walk: what the decoder shows is what the encoder reconstructed, bit
// for bit, whatever the size, depth, length, structure and number of threads.

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "base/thread_pool.h"
#include "bitstream/sequence_header.h"
#include "codec/coding.h"
#include "codec/families/decoders.h"
#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

const model::ModelPtr& Model() {
  static const model::ModelPtr model = MakeDctModel();
  return model;
}

struct Case {
  int width, height, depth, frames;
  bool low_delay = false;
};

void PrintTo(const Case& c, std::ostream* os) {
  *os << c.width << "x" << c.height << "@" << c.depth << " n" << c.frames << " ld" << c.low_delay;
}

class RoundTrip : public testing::TestWithParam<Case> {};

TEST_P(RoundTrip, DecoderShowsTheEncodersReconstruction) {
  const Case& c = GetParam();
  const auto video = MakeVideo(c.width, c.height, c.depth, c.frames);
  EncoderSettings settings;
  settings.low_delay = c.low_delay;
  settings.crf = 20;
  const CodedVideo coded = EncodeVideo(video, settings, Model());
  ASSERT_EQ(coded.packets.size(), video.size());
  const DecodedVideo decoded = DecodeVideo(coded, {}, Model());
  EXPECT_TRUE(decoded.errors.empty());
  ASSERT_EQ(decoded.frames.size(), video.size());
  const double range = (1 << c.depth) - 1;
  for (size_t i = 0; i < video.size(); ++i) {
    EXPECT_EQ(FrameHash(*decoded.frames[i]), coded.hashes[i]) << "frame " << i;
    EXPECT_EQ(decoded.frames[i]->pts, video[i]->pts);
    EXPECT_EQ(decoded.frames[i]->duration, video[i]->duration);
    const double mse = MeanSquaredError(*decoded.frames[i], *video[i]) / (range * range);
    EXPECT_LT(mse, 0.003) << "frame " << i << " is not the picture that was coded";
  }
  EXPECT_GT(decoded.statistics.hashes_checked, 0);
  EXPECT_EQ(decoded.statistics.hashes_failed, 0);
}

INSTANTIATE_TEST_SUITE_P(Sizes, RoundTrip,
                         testing::Values(Case{16, 16, 8, 1}, Case{17, 33, 8, 3}, Case{64, 64, 8, 9},
                                         Case{130, 70, 8, 12}, Case{95, 161, 10, 10},
                                         Case{128, 96, 8, 30}, Case{80, 48, 8, 7, true},
                                         Case{33, 17, 10, 5, true}));

TEST(RoundTripGops, BeginWhereTheCallerSays) {
  const auto video = MakeVideo(64, 64, 8, 20);
  for (const bool low_delay : {false, true}) {
    EncoderSettings settings;
    settings.low_delay = low_delay;
    settings.gop_seconds = 8 / settings.frame_rate.value();
    const CodedVideo coded = EncodeVideo(video, settings, Model(), {5, 6});
    std::vector<int64_t> keys;
    for (const EncodedPacket& packet : coded.packets) {
      if (packet.key) keys.push_back(packet.pts);
    }
    EXPECT_EQ(keys,
              (std::vector<int64_t>{video[0]->pts, video[5]->pts, video[6]->pts, video[14]->pts}));
    const DecodedVideo decoded = DecodeVideo(coded, {}, Model());
    EXPECT_TRUE(decoded.errors.empty());
    EXPECT_EQ(decoded.frames.size(), video.size());
  }
}

TEST(RoundTripModels, OldOnesHaveNoLoopFilter) {
  const auto video = MakeVideo(80, 48, 8, 9);
  const model::ModelPtr old = MakeDctModel(1, /*loop_filter=*/false);
  const CodedVideo coded = EncodeVideo(video, {}, old);
  const DecodedVideo decoded = DecodeVideo(coded, {}, old);
  ASSERT_EQ(decoded.frames.size(), video.size());
  for (size_t i = 0; i < video.size(); ++i) {
    EXPECT_EQ(FrameHash(*decoded.frames[i]), coded.hashes[i]) << "frame " << i;
  }
  // The filter of the other test model is not for nothing.
  EXPECT_NE(EncodeVideo(video, {}, Model()).hashes, coded.hashes);
}

TEST(RoundTripModels, AWrongTableIsNamed) {
  // Symbol tables of two quantizers, with the shrinkage of one.
  auto file = model::SafeTensors::Parse(MakeDctModelFile(1));
  ASSERT_TRUE(file.ok());
  auto tensors = file->tensors();
  model::TensorEntry& frequencies = tensors.at("intra.frequencies");
  std::vector<uint8_t> twice(frequencies.data.begin(), frequencies.data.end());
  twice.insert(twice.end(), frequencies.data.begin(), frequencies.data.end());
  frequencies.shape.insert(frequencies.shape.begin(), 2);
  frequencies.data = twice;
  const auto model = model::Model::Parse(model::WriteSafeTensors(file->metadata(), tensors));
  ASSERT_TRUE(model.ok()) << model.status().message();
  const std::string message = CreateFamily(*model).status().message();
  EXPECT_NE(message.find("intra.shrink"), std::string::npos) << message;
}

TEST(RoundTripThreads, BytesAndPicturesDoNotDependOnThreads) {
  const auto video = MakeVideo(144, 80, 8, 20);
  CodedVideo first;
  for (int threads : {1, 2, 3, kNoThreads}) {
    EncoderSettings settings;
    settings.threads = threads;
    const CodedVideo coded = EncodeVideo(video, settings, Model());
    if (threads == 1) first = coded;
    ASSERT_EQ(coded.packets.size(), first.packets.size());
    for (size_t i = 0; i < coded.packets.size(); ++i) {
      EXPECT_EQ(coded.packets[i].data, first.packets[i].data) << "packet " << i;
    }
    DecoderSettings decoder_settings;
    decoder_settings.threads = threads;
    const DecodedVideo decoded = DecodeVideo(first, decoder_settings, Model());
    ASSERT_EQ(decoded.frames.size(), video.size());
    for (size_t i = 0; i < video.size(); ++i) {
      EXPECT_EQ(FrameHash(*decoded.frames[i]), first.hashes[i]);
    }
  }
}

// Every picture of the decoder's is made on the thread that asks for it.
TEST(RoundTripThreads, WithoutThreadsTheCallerDoesTheWork) {
  struct OneThread : FrameAllocator {
    void* Allocate(size_t bytes, size_t alignment) override {
      EXPECT_EQ(std::this_thread::get_id(), caller);
      ++pictures;
      return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    }
    void Release(void* memory, size_t) override { std::free(memory); }
    const std::thread::id caller = std::this_thread::get_id();
    int pictures = 0;
  };
  const CodedVideo coded = EncodeVideo(MakeVideo(48, 32, 8, 9), {}, Model());
  const auto allocator = std::make_shared<OneThread>();
  DecoderSettings settings;
  settings.threads = kNoThreads;
  settings.allocator = allocator;
  EXPECT_EQ(DecodeVideo(coded, settings, Model()).frames.size(), 9u);
  EXPECT_GE(allocator->pictures, 9);
  // Closed with packets that nobody waits for any more.
  const auto decoder = Decoder::Create(coded.header, Model(), settings);
  ASSERT_TRUE(decoder.ok());
  for (const EncodedPacket& p : coded.packets) {
    ASSERT_TRUE((*decoder)->SendPacket(p.data, p.pts, p.duration).ok());
  }
}

TEST(RoundTripQuality, HigherCrfIsSmallerAndWorse) {
  ExpectHigherCrfIsSmallerAndWorse(MakeVideo(128, 64, 8, 9), {4, 24, 44, 63}, Model());
}

TEST(RoundTripGop, SceneCutAndGopLengthStartKeyFrames) {
  const auto video = MakeVideo(128, 96, 8, 26, /*cut_at=*/7);
  EncoderSettings settings;
  settings.frame_rate = {10, 1};
  settings.gop_seconds = 1;
  const CodedVideo coded = EncodeVideo(video, settings, Model());
  std::vector<int64_t> keys;
  for (const EncodedPacket& packet : coded.packets) {
    if (packet.key) keys.push_back(packet.pts);
  }
  EXPECT_EQ(keys, (std::vector<int64_t>{0, 7, 17}));
}

TEST(RoundTripGop, EveryGopDecodesAlone) {
  const auto video = MakeVideo(96, 64, 8, 24);
  EncoderSettings settings;
  settings.frame_rate = {10, 1};
  settings.gop_seconds = 1;
  CodedVideo coded = EncodeVideo(video, settings, Model());
  CodedVideo tail = coded;
  std::erase_if(tail.packets, [](const EncodedPacket& p) { return p.pts < 20; });
  ASSERT_EQ(tail.packets.size(), 4u);
  const DecodedVideo decoded = DecodeVideo(tail, {}, Model());
  ASSERT_EQ(decoded.frames.size(), 4u);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(FrameHash(*decoded.frames[i]), coded.hashes[20 + i]);
}

// By its last packet or, where that was written before its end was known, by the next key frame.
TEST(RoundTripGop, EveryGopSaysHowLongItIs) {
  for (const bool low_delay : {false, true}) {
    EncoderSettings settings;
    settings.frame_rate = {10, 1};
    settings.gop_seconds = 1;
    settings.low_delay = low_delay;
    const CodedVideo coded =
        EncodeVideo(MakeVideo(128, 96, 8, 26, /*cut_at=*/7), settings, Model());
    std::vector<int> said;
    std::vector<int> said_later;
    int gops = 0;
    for (const EncodedPacket& packet : coded.packets) {
      const FrameHeader header = PeekFrameHeader(packet.data).value();
      if (header.last_of_gop) said.push_back(header.gop_frames());
      if (!header.key()) continue;
      EXPECT_EQ(header.gop_number, gops++);
      if (header.frames_before > 0) said_later.push_back(header.frames_before);
    }
    EXPECT_EQ(gops, 3);
    EXPECT_EQ(said, low_delay ? std::vector<int>{10} : (std::vector<int>{7, 10, 9}));
    EXPECT_EQ(said_later, low_delay ? std::vector<int>{7} : std::vector<int>());
  }
}

// Longer GOPs than the sequence header can tell of are as long as it can.
TEST(RoundTripGop, TheLongestGopIsThatOfTheHeader) {
  EncoderSettings settings;
  settings.width = 64;
  settings.height = 64;
  settings.gop_seconds = 1e9;
  const auto encoder = Encoder::Create(settings, Model());
  ASSERT_TRUE(encoder.ok()) << encoder.status().message();
  const auto header = ParseSequenceHeader((*encoder)->sequence_header());
  ASSERT_TRUE(header.ok()) << header.status().message();
  EXPECT_EQ(header->gop_length, SequenceHeader::kMaxGopLength);
}

TEST(EncoderSettingsCheck, RefusesNonsense) {
  EncoderSettings good;
  good.width = 64;
  good.height = 64;
  ASSERT_TRUE(Encoder::Create(good, Model()).ok());
  EncoderSettings bad = good;
  bad.width = 8;
  EXPECT_EQ(Encoder::Create(bad, Model()).status().code(), StatusCode::kUnsupported);
  bad = good;
  bad.width = 20000;
  EXPECT_EQ(Encoder::Create(bad, Model()).status().code(), StatusCode::kLimitExceeded);
  bad = good;
  bad.crf = 64;
  EXPECT_EQ(Encoder::Create(bad, Model()).status().code(), StatusCode::kInvalidArgument);
  bad = good;
  bad.gop_seconds = 0;
  EXPECT_EQ(Encoder::Create(bad, Model()).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(Encoder::Create(good, model::ModelPtr()).status().code(), StatusCode::kInvalidArgument);
}

// Quiet scenes of recordings: some pictures, and GOPs, have another crf than the rest.
TEST(RoundTripGop, PicturesCanHaveACrfOfTheirOwn) {
  const auto video = MakeVideo(64, 48, 8, 24);
  for (const bool low_delay : {false, true}) {
    EncoderSettings settings;
    settings.crf = 20;
    settings.low_delay = low_delay;
    std::map<size_t, double> coarse;
    for (size_t i = 0; i < 12; ++i) coarse[i] = 20;
    const CodedVideo plain = EncodeVideo(video, settings, Model(), {12});
    const CodedVideo mixed = EncodeVideo(video, settings, Model(), {12}, coarse);
    const auto first_bytes = [](const CodedVideo& coded) {
      size_t bytes = 0;
      for (const EncodedPacket& packet : coded.packets) {
        if (packet.pts < 12) bytes += packet.data.size();
      }
      return bytes;
    };
    EXPECT_LT(first_bytes(mixed), first_bytes(plain) * 3 / 4);
    const DecodedVideo decoded = DecodeVideo(mixed, {}, Model());
    ASSERT_EQ(decoded.frames.size(), video.size());
    EXPECT_EQ(decoded.statistics.hashes_failed, 0);
    for (size_t i = 0; i < video.size(); ++i) {
      EXPECT_EQ(FrameHash(*decoded.frames[i]), mixed.hashes[i]) << i;
    }
    EXPECT_EQ(mixed.packets.back().data, plain.packets.back().data) << "of a GOP like the other";
  }
}

TEST(RoundTripGop, ACrfOfItsOwnGoesWithoutARate) {
  const auto video = MakeVideo(64, 48, 8, 1);
  EncoderSettings settings;
  settings.width = 64;
  settings.height = 48;
  const auto plain = Encoder::Create(settings, Model()).value();
  EXPECT_EQ(plain->SendFrame(video[0], {nullptr, false, 64}).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(plain->SendFrame(video[0], {nullptr, false, 63}).ok()) << "what is out is clipped";
  settings.rate = {100000, 100000, 100000};
  const auto rated = Encoder::Create(settings, Model()).value();
  EXPECT_EQ(rated->SendFrame(video[0], {nullptr, false, 1}).code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace furl::test
