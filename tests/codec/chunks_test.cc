// Encoders that code a chunk each make, one behind the other, what one encoder makes of it all.

#include <gtest/gtest.h>

#include <random>

#include "bitstream/gop_chain.h"
#include "codec/enc/gop_cutter.h"
#include "coding.h"
#include "support/family_models.h"

namespace furl::test {
namespace {

constexpr int kGop = 20;
constexpr int kCut = 255;

// Two scenes of noise that hardly changes; of the second one the left third is that of the first,
// so that its first key frame could make use of what was shown before.
std::vector<ConstFramePtr> TwoScenes(int count) {
  std::mt19937 random(1);
  const ConstFramePtr scenes[2] = {MakeVideo(96, 48, 8, 1)[0], MakeVideo(96, 48, 8, 1, 0)[0]};
  std::vector<ConstFramePtr> video;
  for (int i = 0; i < count; ++i) {
    FramePtr frame = Frame::Create(96, 48, 8).value();
    frame->pts = i;
    frame->duration = 1;
    for (int p = 0; p < 3; ++p) {
      const Plane plane = frame->plane(p);
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
          const bool first = i < kCut || x < plane.width / 3;
          const int sample = scenes[first ? 0 : 1]->plane(p).row(y)[x];
          plane.row(y)[x] = static_cast<uint16_t>(std::min<int>(sample + random() % 2, 255));
        }
      }
    }
    video.push_back(std::move(frame));
  }
  return video;
}

std::vector<size_t> ChunkBegins(const std::vector<ConstFramePtr>& video) {
  GopCutter cutter(kGop);
  std::vector<size_t> begins;
  for (size_t i = 0; i < video.size(); ++i) {
    if (cutter.Next(*video[i], {}).begins_chunk) begins.push_back(i);
  }
  return begins;
}

class Chunks : public testing::TestWithParam<bool> {};

TEST_P(Chunks, JoinToTheSameBytes) {
  const auto video = TwoScenes(kCut + 50);
  const std::vector<size_t> begins = ChunkBegins(video);
  ASSERT_EQ(begins, (std::vector<size_t>{0, kCut}));
  EncoderSettings settings;
  settings.frame_rate = {kGop, 1};
  settings.gop_seconds = 1;
  settings.low_delay = GetParam();
  settings.preset = Preset::kFast;
  for (const FamilyModel& family : kFamilyModels) {
    SCOPED_TRACE(family.prefix);
    const model::ModelPtr model = family.make().value();
    const CodedVideo whole = EncodeVideo(video, settings, model);
    GopChain chain;
    size_t packets = 0;
    for (size_t c = 0; c < begins.size(); ++c) {
      const size_t end = c + 1 < begins.size() ? begins[c + 1] : video.size();
      const CodedVideo chunk =
          EncodeVideo({video.begin() + begins[c], video.begin() + end}, settings, model);
      EXPECT_EQ(chunk.header, whole.header);
      for (const EncodedPacket& packet : chunk.packets) {
        ASSERT_LT(packets, whole.packets.size());
        EXPECT_EQ(chain.Take(packet.data).value(), whole.packets[packets].data) << packets;
        EXPECT_EQ(packet.pts, whole.packets[packets].pts);
        ++packets;
      }
    }
    EXPECT_EQ(packets, whole.packets.size());
  }
}

INSTANTIATE_TEST_SUITE_P(LowDelay, Chunks, testing::Bool());

TEST(GopChain, RefusesWhatIsNoStream) {
  GopChain chain;
  EXPECT_EQ(chain.Take({1, 2, 3}).status().code(), StatusCode::kInvalidStream);
  const auto video = MakeVideo(32, 32, 8, 2);
  const CodedVideo coded = EncodeVideo(video, {}, MakeTinyModel().value());
  EXPECT_EQ(chain.Take(coded.packets[1].data).status().code(), StatusCode::kInvalidStream);
  EXPECT_TRUE(chain.Take(coded.packets[0].data).ok());
}

}  // namespace
}  // namespace furl::test
