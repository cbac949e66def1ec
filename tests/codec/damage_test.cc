// Damaged streams: refused with a cause, contained in their GOP, never a crash.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <random>
#include <string>

#include "base/thread_pool.h"
#include "bitstream/bitstream_test_util.h"
#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/coding.h"
#include "codec/families/decoders.h"
#include "codec/wrapped_family.h"
#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

const model::ModelPtr& Model() {
  static const model::ModelPtr model = MakeDctModel();
  return model;
}

// Three GOPs of ten frames.
const CodedVideo& Coded() {
  static const CodedVideo coded = [] {
    EncoderSettings settings;
    settings.frame_rate = {10, 1};
    settings.gop_seconds = 1;
    return EncodeVideo(MakeVideo(80, 64, 8, 30), settings, Model());
  }();
  return coded;
}

size_t FirstPacketOfGop(int gop) {
  size_t i = 0;
  for (; i < Coded().packets.size(); ++i) {
    if (Coded().packets[i].key && gop-- == 0) break;
  }
  return i;
}

TEST(Damage, StaysInsideItsGopWhenConcealing) {
  for (size_t offset : {size_t{0}, size_t{1}, size_t{4}, size_t{9}}) {
    CodedVideo damaged = Coded();
    std::vector<uint8_t>& data = damaged.packets[FirstPacketOfGop(1) + offset].data;
    data[data.size() / 2] ^= 0x10;
    DecoderSettings settings;
    settings.conceal = true;
    const DecodedVideo decoded = DecodeVideo(damaged, settings, Model());
    EXPECT_TRUE(decoded.errors.empty());
    ASSERT_EQ(decoded.frames.size(), 30u);
    for (int i = 0; i < 30; ++i) {
      EXPECT_EQ(decoded.frames[i]->pts, i);
      if (i >= 10 && i < 20) continue;
      EXPECT_EQ(FrameHash(*decoded.frames[i]), Coded().hashes[i]) << "frame " << i;
    }
    EXPECT_GT(decoded.statistics.damaged_frames, 0);
    EXPECT_GT(decoded.statistics.concealed_frames, 0);
  }
}

// Runs out of memory in one of the threads that decode the second key frame.
class HungryFamily : public WrappedFamily {
 public:
  HungryFamily() : WrappedFamily(Model()) {}
  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, FrameOutput* output) const override {
    if (task.prediction == nullptr && ++keys_ == 2) {
      ParallelFor(task.pool, 100, [](int i) {
        if (i == 50) throw std::bad_alloc();
      });
    }
    return WrappedFamily::DecodeFrame(task, side, latents, state, output);
  }

 private:
  mutable int keys_ = 0;
};

TEST(Damage, LackOfMemoryIsAStatus) {
  DecoderSettings settings;
  settings.threads = 1;  // one frame at a time
  const FamilyPtr hungry = std::make_shared<HungryFamily>();
  const DecodedVideo decoded = DecodeVideo(Coded(), settings, hungry);
  ASSERT_EQ(decoded.errors.size(), 10u);
  EXPECT_EQ(decoded.errors[0].code(), StatusCode::kOutOfMemory);
  EXPECT_EQ(decoded.errors[1].code(), StatusCode::kInvalidStream);  // its reference
  ASSERT_EQ(decoded.frames.size(), 20u);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(FrameHash(*decoded.frames[i]), Coded().hashes[i < 10 ? i : i + 10]);
  }
}

TEST(Damage, IsReportedWhenNotConcealing) {
  CodedVideo damaged = Coded();
  std::vector<uint8_t>& data = damaged.packets[FirstPacketOfGop(1)].data;
  data[data.size() / 2] ^= 0x01;
  const DecodedVideo decoded = DecodeVideo(damaged, {}, Model());
  ASSERT_FALSE(decoded.errors.empty());
  EXPECT_EQ(decoded.errors[0].code(), StatusCode::kInvalidStream);
  EXPECT_FALSE(decoded.errors[0].message().empty());
}

TEST(Damage, LostPacketsAreConcealed) {
  CodedVideo damaged = Coded();
  damaged.packets.erase(damaged.packets.begin() + FirstPacketOfGop(1));
  DecoderSettings settings;
  settings.conceal = true;
  const DecodedVideo decoded = DecodeVideo(damaged, settings, Model());
  for (const ConstFramePtr& frame : decoded.frames) {
    if (frame->pts < 10 || frame->pts >= 20) {
      EXPECT_EQ(FrameHash(*frame), Coded().hashes[frame->pts]);
    }
  }
  EXPECT_GE(decoded.frames.size(), 20u);
}

// Found by fuzzing: a second frame of the same display order vanished, though
// concealment owes a picture for every packet.
TEST(Damage, AFrameThatComesTwiceIsRefused) {
  for (size_t offset : {size_t{1}, size_t{5}, size_t{9}}) {
    CodedVideo damaged = Coded();
    const auto twice = damaged.packets.begin() + FirstPacketOfGop(1) + offset;
    damaged.packets.insert(twice, EncodedPacket(*twice));
    const DecodedVideo refused = DecodeVideo(damaged, {}, Model());
    ASSERT_FALSE(refused.errors.empty());
    EXPECT_EQ(refused.errors[0].code(), StatusCode::kInvalidStream);
    DecoderSettings settings;
    settings.conceal = true;
    const DecodedVideo concealed = DecodeVideo(damaged, settings, Model());
    ASSERT_EQ(concealed.frames.size(), 31u);
    EXPECT_EQ(concealed.statistics.damaged_frames, 10 - static_cast<int>(offset));
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(FrameHash(*concealed.frames[i]), Coded().hashes[i]);
      EXPECT_EQ(FrameHash(*concealed.frames[21 + i]), Coded().hashes[20 + i]);
    }
  }
}

// Well-formed, but beyond the distances that motion is defined for.
TEST(Damage, AReferenceTooFarAwayIsDamage) {
  CodedVideo damaged = Coded();
  std::vector<uint8_t>& data = damaged.packets[FirstPacketOfGop(1) + 1].data;
  const auto packet = ParsePacket(data);
  ASSERT_TRUE(packet.ok());
  FrameHeader header = packet->header;
  header.display_order = 200;
  data = WritePacket(header, packet->side, packet->latents).value();
  const DecodedVideo decoded = DecodeVideo(damaged, {}, Model());
  EXPECT_FALSE(decoded.errors.empty());
  for (const Status& error : decoded.errors) {
    EXPECT_EQ(error.code(), StatusCode::kInvalidStream) << error.message();
  }
}

TEST(Damage, TruncationAndNoiseNeverCrash) {
  const uint32_t seed = 7;
  std::mt19937 random(seed);
  for (int round = 0; round < 60; ++round) {
    CodedVideo damaged = Coded();
    EncodedPacket& packet = damaged.packets[random() % damaged.packets.size()];
    if (round % 2 == 0) {
      packet.data.resize(random() % packet.data.size());
    } else {
      for (int flips = 0; flips < 3; ++flips) {
        packet.data[random() % packet.data.size()] ^= 1 << (random() % 8);
      }
    }
    DecoderSettings settings;
    settings.conceal = true;
    settings.threads = 1 + round % 3;
    const DecodedVideo decoded = DecodeVideo(damaged, settings, Model());
    EXPECT_EQ(decoded.frames.size(), 30u) << "seed " << seed << " round " << round;
  }
}

// What a later version may add to packets.
TEST(Extensions, AreSkippedUnlessTheyMustBeUnderstood) {
  CodedVideo extended = Coded();
  for (EncodedPacket& packet : extended.packets) {
    packet.data = WithExtensions(packet.data, std::vector<uint8_t>{2, 2, 7, 7});
  }
  const DecodedVideo decoded = DecodeVideo(extended, {}, Model());
  EXPECT_TRUE(decoded.errors.empty());
  ASSERT_EQ(decoded.frames.size(), 30u);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(FrameHash(*decoded.frames[i]), Coded().hashes[i]);

  EncodedPacket& key = extended.packets[FirstPacketOfGop(2)];
  key.data = WithExtensions(Coded().packets[FirstPacketOfGop(2)].data, std::vector<uint8_t>{3, 0});
  const DecodedVideo refused = DecodeVideo(extended, {}, Model());
  ASSERT_FALSE(refused.errors.empty());
  EXPECT_EQ(refused.errors[0].code(), StatusCode::kUnsupported);
  EXPECT_EQ(refused.frames.size(), 20u);
}

TEST(WrongModel, IsNamedAndRefused) {
  const auto decoder = Decoder::Create(Coded().header, MakeDctModel(2), {});
  ASSERT_FALSE(decoder.ok());
  EXPECT_EQ(decoder.status().code(), StatusCode::kWrongModel);
}

// The header of Coded(), changed and sealed anew.
template <typename Change>
std::vector<uint8_t> ChangedHeader(const Change& change) {
  SequenceHeader header = ParseSequenceHeader(Coded().header).value();
  change(header);
  return WriteSequenceHeader(header).value();
}

TEST(WrongFamily, OneThatIsNotKnownIsUnsupported) {
  const auto header = ChangedHeader([](SequenceHeader& h) { h.family = 77; });
  const Status status = Decoder::Create(header, Model(), {}).status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  EXPECT_NE(status.message().find("77"), std::string::npos) << status.message();
  // No other model helps.
  EXPECT_EQ(Decoder::Create(header, MakeDctModel(2), {}).status().code(), StatusCode::kUnsupported);
}

// The stream names the model and a family that it is not of.
TEST(WrongFamily, OneThatIsNotTheModelsIsDamage) {
  std::vector<uint8_t> file = MakeDctModelFile(1);
  const std::string name = '"' + Model()->family() + '"';
  const auto at = std::search(file.begin(), file.end(), name.begin(), name.end());
  ASSERT_NE(at, file.end());
  at[1] = 'x';
  const auto other = model::Model::Parse(file);
  ASSERT_TRUE(other.ok()) << other.status().message();
  ASSERT_NE((*other)->family(), Model()->family());
  const auto header = ChangedHeader([&](SequenceHeader& h) { h.model_id = (*other)->id(); });
  const Status status = Decoder::Create(header, *other, {}).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidStream);
  EXPECT_NE(status.message().find((*other)->family()), std::string::npos) << status.message();
}

TEST(Limits, AreCheckedBeforeMemoryIsSpent) {
  DecoderSettings settings;
  settings.max_pixels = 100;
  EXPECT_EQ(Decoder::Create(Coded().header, Model(), settings).status().code(),
            StatusCode::kLimitExceeded);
  settings = {};
  settings.max_macs_per_pixel = 10;
  EXPECT_EQ(Decoder::Create(Coded().header, Model(), settings).status().code(),
            StatusCode::kLimitExceeded);
}

// What the networks do beside multiplying counts as well.
TEST(Limits, CountAllWorkOfTheNetworks) {
  const FamilyPtr family = CreateFamily(Model()).value();
  ASSERT_GT(family->WorkPerPixel(), std::ceil(family->MacsPerPixel()));
  DecoderSettings settings;
  settings.max_macs_per_pixel = static_cast<int64_t>(std::ceil(family->MacsPerPixel()));
  EXPECT_EQ(Decoder::Create(Coded().header, family, settings).status().code(),
            StatusCode::kLimitExceeded);
}

}  // namespace
}  // namespace furl::test
