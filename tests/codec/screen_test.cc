// What transforms are bad at: text that scrolls, pictures whose light changes, and still scenes,
// whose key frames should look like what was shown before them.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "codec/coding.h"
#include "model/default_model.h"

namespace furl::test {
namespace {

constexpr int kWidth = 160;
constexpr int kHeight = 128;

// The luma of frame t at a place; chroma is grey.
using Luma = std::function<int(int t, int x, int y)>;

std::vector<ConstFramePtr> MakeGrey(int count, int bit_depth, const Luma& luma) {
  std::vector<ConstFramePtr> video;
  for (int t = 0; t < count; ++t) {
    FramePtr frame = Frame::Create(kWidth, kHeight, bit_depth).value();
    const int up = bit_depth - 8;
    for (int p = 0; p < 3; ++p) {
      const Plane plane = frame->plane(p);
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
          const int value = p == 0 ? std::clamp(luma(t, x, y), 0, 255) : 128;
          plane.row(y)[x] = static_cast<uint16_t>(value << up);
        }
      }
    }
    frame->pts = t;
    frame->duration = 1;
    video.push_back(std::move(frame));
  }
  return video;
}

// Lines of glyphs 5 samples wide and 7 high on white, `down` samples scrolled.
int Page(int x, int down) {
  const int line = down / 11;
  const int glyph = x / 7;
  if (x % 7 >= 5 || down % 11 >= 7 || line < 0) return 235;
  std::minstd_rand random(static_cast<unsigned>(line * 131 + glyph * 17 + 1));
  random.discard(static_cast<unsigned>(down % 11 * 5 + x % 7) + 3);
  const unsigned ink = static_cast<unsigned>(random() >> 8) % 5;
  return ink < 2 ? 16 : ink == 2 ? 120 : 235;
}

struct Outcome {
  std::vector<size_t> bytes;  // of the packets
  double psnr = 0;            // of all planes
};

Outcome RunThrough(const std::vector<ConstFramePtr>& video, double crf) {
  const model::ModelPtr model = model::DefaultModel().value();
  EncoderSettings settings;
  settings.crf = crf;
  const CodedVideo coded = EncodeVideo(video, settings, model);
  const DecodedVideo decoded = DecodeVideo(coded, {}, model);
  Outcome outcome;
  EXPECT_EQ(decoded.frames.size(), video.size());
  if (decoded.frames.size() != video.size()) return outcome;
  double mse = 0;
  for (size_t i = 0; i < video.size(); ++i) {
    EXPECT_EQ(FrameHash(*decoded.frames[i]), coded.hashes[i]);
    mse += MeanSquaredError(*decoded.frames[i], *video[i]) / static_cast<double>(video.size());
    outcome.bytes.push_back(coded.packets[i].data.size());
  }
  const double peak = (1 << video[0]->bit_depth()) - 1;
  outcome.psnr = 10 * std::log10(peak * peak / std::max(mse, 1e-9));
  return outcome;
}

size_t Total(const std::vector<size_t>& bytes) {
  size_t total = 0;
  for (const size_t b : bytes) total += b;
  return total;
}

// Latents alone took 12.6 kB for 33 dB.
TEST(Screens, TextStaysSharpAndSmall) {
  for (const int depth : {8, 10}) {
    const auto video = MakeGrey(9, depth, [](int t, int x, int y) { return Page(x, y + 2 * t); });
    const Outcome outcome = RunThrough(video, 40);
    EXPECT_GE(outcome.psnr, 36) << depth << " bit";
    EXPECT_LE(Total(outcome.bytes), 7000u) << depth << " bit";
  }
}

TEST(Screens, TheFinestScaleLosesHardlyAnything) {
  const auto video = MakeGrey(3, 8, [](int t, int x, int y) { return Page(x, y + t); });
  EXPECT_GE(RunThrough(video, 0).psnr, 55);
}

int Texture(int x, int y) {
  return static_cast<int>(120 + 40 * std::sin(x * 0.31 + y * 0.11) + 35 * std::cos(y * 0.23) +
                          20 * std::sin(x * y * 0.013));
}

// A still scene, the light of which goes out: after the key frame there is little to tell.
TEST(Light, AFadeIsPredicted) {
  const auto video =
      MakeGrey(9, 8, [](int t, int x, int y) { return 16 + (Texture(x, y) - 16) * (12 - t) / 12; });
  const Outcome outcome = RunThrough(video, 36);
  EXPECT_LE(Total(outcome.bytes) - outcome.bytes[0], outcome.bytes[0] / 2);
}

TEST(Light, AFlashIsPredicted) {
  const auto video = MakeGrey(
      9, 8, [](int t, int x, int y) { return Texture(x, y) + (t == 4 || t == 5 ? 60 : 0); });
  const Outcome outcome = RunThrough(video, 36);
  EXPECT_LE(Total(outcome.bytes) - outcome.bytes[0], outcome.bytes[0] / 2);
}

// Of the luma samples, those that differ by 4 levels or more.
double ShareOfJumps(const Frame& a, const Frame& b) {
  int jumps = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      jumps += std::abs(a.plane(0).row(y)[x] - b.plane(0).row(y)[x]) >= 4;
    }
  }
  return static_cast<double>(jumps) / (kWidth * kHeight);
}

// Each key frame for itself gave 0.34.
TEST(Still, KeyFramesLookLikeWhatWasShown) {
  constexpr int kGop = 12;
  std::minstd_rand random(1);
  const auto video = MakeGrey(2 * kGop, 8, [&](int, int x, int y) {
    return Texture(x, y) + static_cast<int>(random() >> 8) % 7 - 3;
  });
  const model::ModelPtr model = model::DefaultModel().value();
  EncoderSettings settings;
  settings.gop_seconds = kGop / 25.0;
  const CodedVideo coded = EncodeVideo(video, settings, model);
  const DecodedVideo decoded = DecodeVideo(coded, {}, model);
  ASSERT_EQ(decoded.frames.size(), video.size());
  EXPECT_TRUE(std::ranges::any_of(
      coded.packets, [](const EncodedPacket& packet) { return packet.key && packet.pts == kGop; }));
  EXPECT_LE(ShareOfJumps(*decoded.frames[kGop - 1], *decoded.frames[kGop]), 0.25);
}

}  // namespace
}  // namespace furl::test
