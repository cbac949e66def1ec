// What sending promises: it never waits, refuses packets at a stated number of pictures, and takes
// them whenever receiving asks for more. Callers of any habit get the same pictures.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/thread_pool.h"
#include "codec/coding.h"
#include "codec/families/decoders.h"
#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

constexpr int kFrames = 60;
constexpr int kLimit = Decoder::kMaxHeldPictures;

FamilyPtr SharedFamily() {
  static const FamilyPtr family = CreateFamily(MakeDctModel()).value();
  return family;
}

// Two GOPs, 40 and 20 frames.
const CodedVideo& Coded() {
  static const CodedVideo coded = [] {
    EncoderSettings settings;
    settings.frame_rate = {10, 1};
    settings.gop_seconds = 4;
    return EncodeVideo(MakeVideo(48, 32, 8, kFrames), settings, SharedFamily());
  }();
  return coded;
}

std::unique_ptr<Decoder> OpenDecoder(int threads, bool conceal = false) {
  DecoderSettings settings;
  settings.threads = threads;
  settings.conceal = conceal;
  return Decoder::Create(Coded().header, SharedFamily(), settings).value();
}

Status Send(Decoder& decoder, const EncodedPacket& packet) {
  return decoder.SendPacket(packet.data, packet.pts, packet.duration);
}

// Appends the hash of every picture to `hashes`.
PictureSink HashTo(std::vector<uint32_t>* hashes) {
  return [hashes](const Result<ConstFramePtr>& picture) {
    if (picture.ok()) hashes->push_back(FrameHash(**picture));
    return picture.status();
  };
}

// The packet of the first GOP for that display order.
std::vector<EncodedPacket>::iterator FindPacket(CodedVideo& coded, int display_order) {
  return std::find_if(coded.packets.begin(), coded.packets.end(),
                      [&](const EncodedPacket& p) { return p.pts == display_order; });
}

class BackPressure : public testing::TestWithParam<int> {};

TEST_P(BackPressure, SendingAloneEndsAtTheLimit) {
  const std::unique_ptr<Decoder> decoder = OpenDecoder(GetParam());
  size_t next = 0;
  std::vector<uint32_t> hashes;
  while (next < Coded().packets.size()) {
    const Status sent = Send(*decoder, Coded().packets[next]);
    if (sent.ok()) {
      ++next;
      ASSERT_LE(next - hashes.size(), size_t{kLimit});
      continue;
    }
    ASSERT_EQ(sent.code(), StatusCode::kTryAgain) << sent.message();
    EXPECT_EQ(next - hashes.size(), size_t{kLimit});
    EXPECT_EQ(decoder->statistics().frames, static_cast<int64_t>(next));
    const auto picture = decoder->ReceiveFrame();  // one makes room for one
    ASSERT_TRUE(picture.ok()) << picture.status().message();
    hashes.push_back(FrameHash(**picture));
  }
  ASSERT_TRUE(FlushDecoder(decoder.get(), HashTo(&hashes)).ok());
  EXPECT_EQ(hashes, Coded().hashes);
  EXPECT_EQ(decoder->statistics().damaged_frames, 0);
}

TEST_P(BackPressure, TheLoopStartsWithAFullDecoder) {
  const std::unique_ptr<Decoder> decoder = OpenDecoder(GetParam());
  for (int i = 0; i < kLimit; ++i) ASSERT_TRUE(Send(*decoder, Coded().packets[i]).ok());
  std::vector<uint32_t> hashes;
  for (size_t i = kLimit; i < Coded().packets.size(); ++i) {
    const EncodedPacket& p = Coded().packets[i];
    ASSERT_TRUE(DecodePacket(decoder.get(), p.data, {p.pts, p.duration}, HashTo(&hashes)).ok());
  }
  ASSERT_TRUE(FlushDecoder(decoder.get(), HashTo(&hashes)).ok());
  EXPECT_EQ(hashes, Coded().hashes);
}

TEST_P(BackPressure, OneHalfOfTheLoopCanAlwaysGoOn) {
  std::mt19937 random(5);
  for (int round = 0; round < 10; ++round) {
    const std::unique_ptr<Decoder> decoder = OpenDecoder(GetParam());
    std::vector<uint32_t> hashes;
    bool must_send = false;
    bool must_receive = false;
    for (size_t next = 0; next < Coded().packets.size();) {
      ASSERT_FALSE(must_send && must_receive);
      const bool send =
          must_send || (!must_receive && random() % 4 > static_cast<uint32_t>(round % 4));
      if (send) {
        must_receive = Send(*decoder, Coded().packets[next]).code() == StatusCode::kTryAgain;
        ASSERT_FALSE(must_send && must_receive);
        must_send = false;
        if (!must_receive) ++next;
      } else {
        const auto picture = decoder->ReceiveFrame();
        ASSERT_FALSE(must_receive && !picture.ok());
        must_receive = false;
        must_send = !picture.ok();
        if (picture.ok()) hashes.push_back(FrameHash(**picture));
      }
    }
    ASSERT_TRUE(FlushDecoder(decoder.get(), HashTo(&hashes)).ok());
    EXPECT_EQ(hashes, Coded().hashes);
  }
}

// A picture that never comes must not hold back those behind it until the GOP ends.
TEST_P(BackPressure, AHoleIsGivenUp) {
  CodedVideo damaged = Coded();
  damaged.packets.erase(FindPacket(damaged, 1));  // nothing refers to it
  const std::unique_ptr<Decoder> decoder = OpenDecoder(GetParam());
  std::vector<uint32_t> hashes;
  for (size_t i = 0; i < damaged.packets.size(); ++i) {
    const EncodedPacket& p = damaged.packets[i];
    ASSERT_TRUE(DecodePacket(decoder.get(), p.data, {p.pts, p.duration}, HashTo(&hashes)).ok());
    EXPECT_LE(i, hashes.size() + kLimit);
  }
  ASSERT_TRUE(FlushDecoder(decoder.get(), HashTo(&hashes)).ok());
  std::vector<uint32_t> expected = Coded().hashes;
  expected.erase(expected.begin() + 1);
  EXPECT_EQ(hashes, expected);
}

TEST_P(BackPressure, APictureThatWasGivenUpIsRefused) {
  CodedVideo damaged = Coded();
  const auto at = FindPacket(damaged, 1);
  const EncodedPacket late = *at;
  damaged.packets.erase(at);
  damaged.packets.insert(damaged.packets.begin() + 30, late);
  const std::unique_ptr<Decoder> decoder = OpenDecoder(GetParam());
  std::vector<uint32_t> hashes;
  for (size_t i = 0; i <= 30; ++i) {
    const EncodedPacket& p = damaged.packets[i];
    const Status status = DecodePacket(decoder.get(), p.data, {p.pts, p.duration}, HashTo(&hashes));
    EXPECT_EQ(status.code(), i < 30 ? StatusCode::kOk : StatusCode::kInvalidStream) << i;
  }
}

// Packets that make no sense fill the decoder like any others.
TEST_P(BackPressure, DamageCounts) {
  const std::unique_ptr<Decoder> decoder = OpenDecoder(GetParam(), /*conceal=*/true);
  const std::vector<uint8_t> noise(40, 7);
  int64_t pts = 0;
  while (decoder->SendPacket(noise, pts, 1).ok()) {
    ASSERT_LT(++pts, 1000);
  }
  EXPECT_EQ(pts, kLimit);
  EXPECT_EQ(decoder->SendPacket(noise, pts, 1).code(), StatusCode::kTryAgain);
  int64_t shown = 0;
  const auto take = [&](const Result<ConstFramePtr>& picture) {
    FURL_RETURN_IF_ERROR(picture.status());
    EXPECT_EQ((*picture)->pts, shown++);
    return OkStatus();
  };
  for (; pts < 100; ++pts) {
    ASSERT_TRUE(DecodePacket(decoder.get(), noise, {pts, 1}, take).ok());
    EXPECT_LT(pts - shown, kLimit);
  }
  ASSERT_TRUE(FlushDecoder(decoder.get(), take).ok());
  EXPECT_EQ(shown, 100);
}

TEST_P(BackPressure, AnErrorOfTheSinkEndsTheLoop) {
  const std::unique_ptr<Decoder> decoder = OpenDecoder(GetParam());
  int taken = 0;
  const auto refuse = [&](const Result<ConstFramePtr>&) {
    ++taken;
    return Status(StatusCode::kCancelled, "enough");
  };
  Status status;
  for (size_t i = 0; i < Coded().packets.size() && status.ok(); ++i) {
    const EncodedPacket& p = Coded().packets[i];
    status = DecodePacket(decoder.get(), p.data, {p.pts, p.duration}, refuse);
  }
  EXPECT_EQ(status.code(), StatusCode::kCancelled);
  EXPECT_EQ(taken, 1);
}

INSTANTIATE_TEST_SUITE_P(Threads, BackPressure, testing::Values(1, 3, kNoThreads));

}  // namespace
}  // namespace furl::test
