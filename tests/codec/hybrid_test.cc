// Streams that add to a base: encoder and decoder with the base's pictures beside them.

#include <gtest/gtest.h>

#include <map>

#include "bitstream/sequence_header.h"
#include "codec/dec/decoder.h"
#include "codec/enc/encoder.h"
#include "support/sense_model.h"
#include "support/test_video.h"
#include "support/tiny_model.h"

namespace furl::test {
namespace {

constexpr int kWidth = 80;
constexpr int kHeight = 64;
constexpr int kFrames = 21;
constexpr int kGop = 8;

// Every second sample of every second row.
ConstFramePtr Halved(const Frame& frame) {
  const FramePtr half = Frame::Create(kWidth / 2, kHeight / 2, frame.bit_depth()).value();
  for (int p = 0; p < 3; ++p) {
    const Plane to = half->plane(p);
    for (int y = 0; y < to.height; ++y) {
      for (int x = 0; x < to.width; ++x) to.row(y)[x] = frame.plane(p).row(2 * y)[2 * x];
    }
  }
  half->set_tag(frame.tag());
  return half;
}

struct Coded {
  std::vector<uint8_t> header;
  std::vector<EncodedPacket> packets;
  std::map<int64_t, ConstFramePtr> bases;
  std::map<int64_t, uint32_t> hashes;  // of the encoder's pictures, by time
  size_t bytes = 0;
};

EncoderSettings Settings(int threads) {
  EncoderSettings settings;
  settings.width = kWidth;
  settings.height = kHeight;
  settings.threads = threads;
  return settings;
}

// `with_base`: adds to the halved video.
Coded Encode(EncoderSettings settings, bool with_base) {
  if (with_base) settings.base = BaseFormat{kWidth / 2, kHeight / 2, 8};
  const auto encoder = Encoder::Create(settings, MakeTinyModel().value()).value();
  Coded coded;
  coded.header.assign(encoder->sequence_header().begin(), encoder->sequence_header().end());
  encoder->SetObserver([&](const FrameReport& report) {
    coded.hashes[report.original->pts] = FrameHash(*report.reconstruction);
  });
  const auto take = [&] {
    for (auto packet = encoder->ReceivePacket(); packet.ok(); packet = encoder->ReceivePacket()) {
      coded.bytes += packet->data.size();
      coded.packets.push_back(std::move(*packet));
    }
  };
  for (const ConstFramePtr& frame : MakeVideo(kWidth, kHeight, 8, kFrames)) {
    Encoder::BaseInput base;
    if (with_base) {
      base = {Halved(*frame), frame->pts % kGop == 0};
      coded.bases[frame->pts] = base.picture;
    }
    EXPECT_TRUE(encoder->SendFrame(frame, base).ok());
    take();
  }
  EXPECT_TRUE(encoder->SendFrame(nullptr).ok());
  take();
  return coded;
}

// The hashes of what the decoder shows, by time.
std::map<int64_t, uint32_t> Decode(const Coded& coded, int threads) {
  const auto decoder =
      Decoder::Create(coded.header, MakeTinyModel().value(), {.threads = threads}).value();
  std::map<int64_t, uint32_t> shown;
  const auto take = [&] {
    auto frame = decoder->ReceiveFrame();
    for (; frame.ok(); frame = decoder->ReceiveFrame()) shown[(*frame)->pts] = FrameHash(**frame);
    return frame.status().code();
  };
  for (const EncodedPacket& packet : coded.packets) {
    const auto parsed = ParsePacket(packet.data);
    const FrameTag tag = {packet.pts, packet.duration};
    EXPECT_TRUE(decoder->SendParsed(parsed, tag, coded.bases.at(packet.pts)).ok());
    EXPECT_EQ(take(), StatusCode::kTryAgain);
  }
  EXPECT_TRUE(decoder->Flush().ok());
  EXPECT_EQ(take(), StatusCode::kEndOfStream);
  EXPECT_EQ(decoder->statistics().hashes_failed, 0);
  return shown;
}

TEST(Hybrid, DecodesToTheEncodersPictures) {
  for (const bool low_delay : {false, true}) {
    EncoderSettings settings = Settings(1);
    settings.low_delay = low_delay;
    const Coded coded = Encode(settings, true);
    ASSERT_EQ(coded.hashes.size(), size_t{kFrames});
    EXPECT_EQ(Decode(coded, 1), coded.hashes);
    EXPECT_EQ(Decode(coded, 4), coded.hashes);
  }
}

TEST(Hybrid, ThreadsDontChangeTheBytes) {
  const Coded one = Encode(Settings(1), true);
  const Coded four = Encode(Settings(4), true);
  ASSERT_EQ(one.packets.size(), four.packets.size());
  for (size_t i = 0; i < one.packets.size(); ++i) {
    EXPECT_EQ(one.packets[i].data, four.packets[i].data);
  }
}

TEST(Hybrid, TheBaseSavesBits) {
  EXPECT_LT(Encode(Settings(1), true).bytes * 5, Encode(Settings(1), false).bytes * 4);
}

TEST(Hybrid, GopsBeginWhereTheBaseSays) {
  for (const EncodedPacket& packet : Encode(Settings(1), true).packets) {
    EXPECT_EQ(packet.key, packet.pts % kGop == 0) << packet.pts;
  }
}

TEST(Hybrid, TheHeaderNamesTheBase) {
  const SequenceHeader header = ParseSequenceHeader(Encode(Settings(1), true).header).value();
  EXPECT_EQ(header.base, (BaseFormat{kWidth / 2, kHeight / 2, 8}));
  EXPECT_EQ(ParseSequenceHeader(Encode(Settings(1), false).header)->base, std::nullopt);
}

// The packet is damaged, the stream isn't.
TEST(Hybrid, AMissingOrForeignBaseIsRefused) {
  const Coded coded = Encode(Settings(1), true);
  const auto decoder = Decoder::Create(coded.header, MakeTinyModel().value(), {}).value();
  const auto packet = ParsePacket(coded.packets[0].data);
  const Status missing = decoder->SendParsed(packet, {}, nullptr);
  EXPECT_EQ(missing.code(), StatusCode::kInvalidStream);
  EXPECT_NE(missing.message().find("base is missing"), std::string::npos) << missing.message();
  const ConstFramePtr other = MakeVideo(kWidth, kHeight, 8, 1)[0];
  EXPECT_EQ(decoder->SendParsed(packet, {}, other).code(), StatusCode::kInvalidStream);
  EXPECT_TRUE(decoder->SendParsed(packet, {}, coded.bases.at(0)).ok());
}

// It has no prediction to put a base into.
TEST(Hybrid, FamiliesWithoutMotionRefuseABase) {
  const model::ModelPtr model = MakeSenseModel().value();
  EncoderSettings settings = Settings(1);
  auto alone = Encoder::Create(settings, model);
  ASSERT_TRUE(alone.ok());
  SequenceHeader header = ParseSequenceHeader((*alone)->sequence_header()).value();
  header.base = settings.base = BaseFormat{kWidth / 2, kHeight / 2, 8};
  EXPECT_EQ(Encoder::Create(settings, model).status().code(), StatusCode::kUnsupported);
  EXPECT_EQ(Decoder::Create(WriteSequenceHeader(header).value(), model, {}).status().code(),
            StatusCode::kInvalidStream);
}

TEST(Hybrid, EncodersRefusePicturesOfOtherBases) {
  EncoderSettings settings = Settings(1);
  settings.base = BaseFormat{kWidth / 2, kHeight / 2, 8};
  const auto encoder = Encoder::Create(settings, MakeTinyModel().value()).value();
  const ConstFramePtr frame = MakeVideo(kWidth, kHeight, 8, 1)[0];
  EXPECT_EQ(encoder->SendFrame(frame).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(encoder->SendFrame(frame, {frame, true}).code(), StatusCode::kInvalidArgument);
  EXPECT_TRUE(encoder->SendFrame(frame, {Halved(*frame), true}).ok());
  const auto alone = Encoder::Create(Settings(1), MakeTinyModel().value()).value();
  EXPECT_EQ(alone->SendFrame(frame, {Halved(*frame), true}).code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace furl::test
