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
    settings.time_base = {1, 10};
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

DecodedVideo Concealed(const CodedVideo& video) {
  DecoderSettings settings;
  settings.conceal = true;
  return DecodeVideo(video, settings, Model());
}

// Also the last of a GOP or of the stream. What refers to a missing picture is damaged.
TEST(Missing, EveryPacketIsMissed) {
  for (size_t i = 0; i < Coded().packets.size(); ++i) {
    CodedVideo cut = Coded();
    const FrameHeader header = PeekFrameHeader(cut.packets[i].data).value();
    cut.packets.erase(cut.packets.begin() + i);
    const DecoderStatistics statistics = Concealed(cut).statistics;
    EXPECT_GT(statistics.missing_frames + statistics.damaged_frames, 0) << "packet " << i;
    if (header.key() || header.store_slot >= 0) continue;
    EXPECT_EQ(statistics.missing_frames, 1) << "packet " << i;
    EXPECT_EQ(statistics.damaged_frames, 0) << "packet " << i;  // nothing needs it
  }
  EXPECT_EQ(Concealed(Coded()).statistics.missing_frames, 0);
}

TEST(Missing, WholeGopsAreMissedUnlessTheyWereCutOut) {
  CodedVideo cut = Coded();
  cut.packets.erase(cut.packets.begin() + FirstPacketOfGop(1),
                    cut.packets.begin() + FirstPacketOfGop(2));
  EXPECT_EQ(Concealed(cut).statistics.missing_frames, 10);
  for (EncodedPacket& packet : cut.packets) {
    if (packet.pts >= 20) packet.pts -= 10;
  }
  const DecodedVideo joined = DecodeVideo(cut, {}, Model());
  EXPECT_TRUE(joined.errors.empty());
  EXPECT_EQ(joined.statistics.missing_frames, 0);
}

// With the checksum made right again nothing but the hashes tells.
TEST(Hashes, FindEveryByteThatChangesAPicture) {
  EncoderSettings settings;
  settings.crf = 36;
  const CodedVideo coded = EncodeVideo(MakeVideo(32, 32, 8, 9), settings, Model());
  const FamilyPtr family = CreateFamily(Model()).value();
  int changed = 0;
  int changed_b = 0;
  for (size_t p = 0; p < coded.packets.size(); ++p) {
    const std::vector<uint8_t>& data = coded.packets[p].data;
    for (size_t i = 0; i + (data.size() < 512 ? 2 : 4) < data.size(); ++i) {
      CodedVideo hurt = coded;
      std::vector<uint8_t> content(data.begin(), data.end() - (data.size() < 512 ? 2 : 4));
      content[i] ^= static_cast<uint8_t>(1 << ((p + i) % 8));
      hurt.packets[p].data = SignPacket(std::move(content));
      DecoderSettings one_thread;
      one_thread.threads = kNoThreads;
      const DecodedVideo decoded = DecodeVideo(hurt, one_thread, family);
      const bool same = std::all_of(
          decoded.frames.begin(), decoded.frames.end(),
          [&](const ConstFramePtr& f) { return FrameHash(*f) == coded.hashes[f->pts]; });
      if (same && decoded.frames.size() == coded.packets.size()) continue;
      ++changed;
      const auto header = PeekFrameHeader(data);
      changed_b += header->type == FrameType::kB ? 1 : 0;
      EXPECT_TRUE(!decoded.errors.empty() || decoded.statistics.hashes_failed > 0)
          << "packet " << p << " byte " << i;
    }
  }
  EXPECT_GT(changed_b, 20);
  EXPECT_GT(changed, changed_b);
}

// Or a picture might be anything.
TEST(Hashes, APictureWithoutOneIsNotVerified) {
  CodedVideo hurt = Coded();
  int gone = 0;
  for (EncodedPacket& p : hurt.packets) {
    auto packet = ParsePacket(p.data).value();
    if (packet.header.hash_pictures == 1) continue;
    packet.header.has_hash = false;
    p.data = WritePacket(packet.header, packet.side, packet.latents).value();
    ++gone;
  }
  ASSERT_GT(gone, 3);
  const DecodedVideo decoded = DecodeVideo(hurt, {}, Model());
  EXPECT_EQ(decoded.frames.size(), 30u);
  EXPECT_EQ(decoded.statistics.hashes_failed, gone);
}

// What is wrong is told once, where the hash is, and other mini-GOPs are shown.
TEST(Hashes, OneThatIsWrongHurtsNoOtherPicture) {
  CodedVideo hurt = Coded();
  int covers_more = 0;
  for (size_t i = FirstPacketOfGop(1); i < FirstPacketOfGop(2); ++i) {
    auto packet = ParsePacket(Coded().packets[i].data).value();
    if (!packet.header.has_hash || packet.header.store_slot >= 0) continue;
    packet.header.hash ^= 1;
    hurt.packets[i].data = WritePacket(packet.header, packet.side, packet.latents).value();
    ++covers_more;
  }
  ASSERT_GT(covers_more, 0);
  const DecodedVideo decoded = DecodeVideo(hurt, {}, Model());
  ASSERT_EQ(decoded.errors.size(), static_cast<size_t>(covers_more));
  for (const Status& error : decoded.errors) EXPECT_EQ(error.code(), StatusCode::kVerifyFailed);
  EXPECT_EQ(decoded.statistics.hashes_failed, covers_more);
  ASSERT_EQ(decoded.frames.size(), 30u - covers_more);
  for (const ConstFramePtr& frame : decoded.frames) {
    EXPECT_EQ(FrameHash(*frame), Coded().hashes[frame->pts]);
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
