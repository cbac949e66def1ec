// What a decoder holds: known before, never above its limit, and bounded whatever a stream says.

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>

#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/coding.h"
#include "codec/dec/base_pairing.h"
#include "codec/dec/decoder_memory.h"
#include "codec/families/decoders.h"
#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

constexpr int kGop = 20;

FamilyPtr SharedFamily() {
  static const FamilyPtr family = CreateFamily(MakeDctModel()).value();
  return family;
}

// Two GOPs of kGop frames.
const CodedVideo& Coded() {
  static const CodedVideo coded = [] {
    EncoderSettings settings;
    settings.frame_rate = {10, 1};
    settings.gop_seconds = kGop / 10.0;
    return EncodeVideo(MakeVideo(320, 240, 8, 2 * kGop), settings, SharedFamily());
  }();
  return coded;
}

SequenceHeader Header() { return ParseSequenceHeader(Coded().header).value(); }

// A packet that is sound but for what it means: a P frame of nothing but its header.
EncodedPacket EmptyFrame(int display_order) {
  FrameHeader header;
  header.type = FrameType::kP;
  header.display_order = display_order;
  header.store_slot = -1;
  EncodedPacket packet;
  packet.data = WritePacket(header, {}, {}).value();
  packet.pts = display_order;
  packet.duration = 1;
  return packet;
}

TEST(Memory, AStreamThatNeedsMoreThanTheLimitIsRefused) {
  const int64_t needed = DecoderBytes(Header(), *SharedFamily(), 1);
  DecoderSettings settings;
  settings.max_memory = needed;
  EXPECT_TRUE(Decoder::Create(Coded().header, SharedFamily(), settings).ok());
  settings.max_memory = needed - 1;
  const Status status = Decoder::Create(Coded().header, SharedFamily(), settings).status();
  EXPECT_EQ(status.code(), StatusCode::kLimitExceeded);
  EXPECT_NE(status.message().find("320x240 takes up to"), std::string::npos) << status.message();
}

// 61 bytes in all took 3.4 GB.
TEST(Memory, TheDefaultLimitRefusesTheLargestPictures) {
  SequenceHeader header = Header();
  header.width = header.height = 8192;
  const auto bytes = WriteSequenceHeader(header).value();
  EXPECT_EQ(Decoder::Create(bytes, SharedFamily(), {}).status().code(), StatusCode::kLimitExceeded);
  header.width = 3840;
  header.height = 2160;
  EXPECT_TRUE(Decoder::Create(WriteSequenceHeader(header).value(), SharedFamily(), {}).ok());
}

// A base whose pictures come and furl's packets do not: kMostBases of them are taken.
TEST(Memory, PicturesOfABaseThatWaitAreCounted) {
  SequenceHeader header = Header();
  header.width = 1920;
  header.height = 1080;
  const int64_t alone = DecoderBytes(header, *SharedFamily(), 4);
  header.base = BaseFormat{header.width, header.height, 8};
  const int64_t with_base = DecoderBytes(header, *SharedFamily(), 4);
  const auto waiting =
      static_cast<int64_t>(kMostBases * Frame::BytesOf(header.width, header.height, 0));
  EXPECT_GE(with_base, alone + waiting);
  EXPECT_LE(with_base, DecoderSettings().max_memory);  // ordinary files need no other limit
}

TEST(Memory, FewerFramesAreInFlightWhereThatIsEnough) {
  const SequenceHeader header = Header();
  const auto affordable = [&](int64_t memory) {
    const auto frames = AffordableFramesInFlight(header, *SharedFamily(), 4, memory);
    return frames.ok() ? *frames : 0;
  };
  EXPECT_EQ(affordable(DecoderBytes(header, *SharedFamily(), 4)), 4);
  EXPECT_EQ(affordable(DecoderBytes(header, *SharedFamily(), 4) - 1), 3);
  EXPECT_EQ(affordable(DecoderBytes(header, *SharedFamily(), 1)), 1);
  EXPECT_EQ(affordable(DecoderBytes(header, *SharedFamily(), 1) - 1), 0);
}

// Bytes that the process has of the C library.
int64_t BytesInUse() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<int64_t>(info.uordblks + info.hblkhd);
}

// What a decoder holds when it has decoded all it can without being asked for a picture.
TEST(Memory, TheStatedNumberIsRight) {
  Coded();
  for (const int threads : {1, 4}) {
    DecoderSettings settings;
    settings.threads = threads;
    const int64_t before = BytesInUse();
    if (before == 0) GTEST_SKIP() << "the allocator doesn't tell";
    const auto decoder = Decoder::Create(Coded().header, SharedFamily(), settings).value();
    int64_t most = 0;
    for (const EncodedPacket& packet : Coded().packets) {
      const auto send = [&] { return decoder->SendPacket(packet.data, packet.pts, 1); };
      while (send().code() == StatusCode::kTryAgain) {
        ASSERT_TRUE(decoder->ReceiveFrame().ok());
        most = std::max(most, BytesInUse() - before);
      }
    }
    const int64_t stated = DecoderBytes(Header(), *SharedFamily(), threads);
    EXPECT_LE(most, stated);
    // How many frames are in flight at once is luck where there are more threads. This video has
    // no blocks in samples and no weighted references, for which there is room.
    if (threads == 1) {
      EXPECT_GT(most, stated / 4);
    }
  }
}

// The header says how long a GOP may be. Display orders beyond it kept pictures waiting for those
// that never came.
TEST(Memory, AFrameBeyondTheLongestGopIsDamage) {
  for (const int display : {kGop - 1, kGop}) {
    CodedVideo stream = Coded();
    stream.packets.resize(1);
    stream.packets.push_back(EmptyFrame(display));
    const DecodedVideo decoded = DecodeVideo(stream, {}, SharedFamily());
    ASSERT_EQ(decoded.errors.size(), display < kGop ? 0u : 2u);
    if (display < kGop) continue;
    EXPECT_NE(decoded.errors[0].message().find("longest GOP"), std::string::npos);
  }
}

// A GOP that is lost after its key frame shows one picture many times, and has it once.
TEST(Memory, ConcealedPicturesShareTheirSamples) {
  CodedVideo damaged = Coded();
  for (int i = 1; i < kGop; ++i) damaged.packets[i].data.back() ^= 1;
  DecoderSettings settings;
  settings.conceal = true;
  const DecodedVideo decoded = DecodeVideo(damaged, settings, SharedFamily());
  ASSERT_EQ(decoded.frames.size(), size_t{2 * kGop});
  for (int i = 1; i < kGop; ++i) {
    EXPECT_TRUE(decoded.frames[i]->concealed);
    EXPECT_EQ(decoded.frames[i]->pts, i);
    EXPECT_EQ(decoded.frames[i]->plane(0).data, decoded.frames[0]->plane(0).data) << i;
  }
  EXPECT_FALSE(decoded.frames[0]->concealed);
  EXPECT_FALSE(decoded.frames[kGop]->concealed);
}

// Gray stands in for what comes before any picture, and is made once as well.
TEST(Memory, GrayPicturesShareTheirSamples) {
  CodedVideo damaged = Coded();
  damaged.packets.resize(kGop);
  for (EncodedPacket& packet : damaged.packets) packet.data.back() ^= 1;
  DecoderSettings settings;
  settings.conceal = true;
  const DecodedVideo decoded = DecodeVideo(damaged, settings, SharedFamily());
  ASSERT_EQ(decoded.frames.size(), size_t{kGop});
  EXPECT_EQ(decoded.frames[0]->plane(0).row(7)[9], 128);
  EXPECT_EQ(decoded.frames[0]->plane(0).data, decoded.frames[kGop - 1]->plane(0).data);
}

}  // namespace
}  // namespace furl::test
