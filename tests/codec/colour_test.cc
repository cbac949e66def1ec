// Whole pictures keep their colours and their brightness: what is wrong on average in a plane is
// below what the eye sees as a cast, and does not flicker from frame to frame.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "codec/coding.h"
#include "metrics/artifacts.h"
#include "model/default_model.h"

namespace furl::test {
namespace {

constexpr double kCast = 0.3;      // levels of 8 bits
constexpr double kFlicker = 0.15;  // from frame to frame

// Blocks of the scene's colour in shades, which a hand-held camera pans over, with noise.
std::vector<ConstFramePtr> MakeScene(std::array<int, 3> colour, int shades, unsigned seed) {
  constexpr int kWidth = 144;
  constexpr int kHeight = 112;
  constexpr int kFrames = 18;
  std::mt19937 random(seed);
  std::array<int, 64> shade;
  for (int& s : shade) s = static_cast<int>(random() % (2 * shades + 1)) - shades;
  std::vector<ConstFramePtr> video;
  for (int t = 0; t < kFrames; ++t) {
    FramePtr frame = Frame::Create(kWidth, kHeight, 8).value();
    for (int p = 0; p < 3; ++p) {
      const Plane plane = frame->plane(p);
      const int up = p == 0 ? 0 : 1;
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) {
          const int across = ((x << up) + t + t / 3) / 24;
          const int down = ((y << up) + t / 2) / 20;
          const int step = shade[(across * 7 + down * 13) % 64] / (p == 0 ? 1 : 6);
          const int noise = static_cast<int>(random() % 5) - 2;
          plane.row(y)[x] = static_cast<uint16_t>(std::clamp(colour[p] + step + noise, 0, 255));
        }
      }
    }
    frame->pts = t;
    frame->duration = 1;
    video.push_back(std::move(frame));
  }
  return video;
}

double MeanError(const Frame& shown, const Frame& original, int p) {
  const ConstPlane a = shown.plane(p);
  const ConstPlane b = original.plane(p);
  int64_t sum = 0;
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < a.width; ++x) sum += a.row(y)[x] - b.row(y)[x];
  }
  return static_cast<double>(sum) / a.width / a.height;
}

void ExpectTrueColours(const std::vector<ConstFramePtr>& video, const model::ModelPtr& model) {
  for (const double crf : {20.0, 40.0, 52.0, 63.0}) {
    EncoderSettings settings;
    settings.crf = crf;
    const CodedVideo coded = EncodeVideo(video, settings, model);
    const DecodedVideo decoded = DecodeVideo(coded, {}, model);
    ASSERT_EQ(decoded.frames.size(), video.size());
    std::array<double, 3> last{};
    for (size_t i = 0; i < video.size(); ++i) {
      for (int p = 0; p < 3; ++p) {
        const double error = MeanError(*decoded.frames[i], *video[i], p);
        EXPECT_LE(std::abs(error), kCast) << "crf " << crf << " frame " << i << " plane " << p;
        if (i > 0) {
          EXPECT_LE(std::abs(error - last[p]), kFlicker) << "crf " << crf << " frame " << i;
        }
        last[p] = error;
      }
    }
  }
}

TEST(Colours, OfAGreyStreet) {
  ExpectTrueColours(MakeScene({120, 128, 128}, 60, 1), model::DefaultModel().value());
}
TEST(Colours, OfATintedRoom) {
  ExpectTrueColours(MakeScene({150, 108, 151}, 40, 2), model::DefaultModel().value());
}
TEST(Colours, OfTheNight) {
  ExpectTrueColours(MakeScene({24, 127, 130}, 8, 3), model::DefaultModel().value());
}

// A bright sign comes in at an edge while the camera pans. Where the networks were sure that
// nothing comes, nothing could be coded, and single blocks of leaves were off by 60 levels.
TEST(Blocks, WhatEntersAtAnEdgeIsShown) {
  std::vector<ConstFramePtr> video;
  for (const ConstFramePtr& frame : MakeScene({90, 128, 128}, 30, 4)) {
    FramePtr copy = frame->Copy().value();
    const int t = static_cast<int>(frame->pts);
    const Plane luma = copy->plane(0);
    for (int y = 32; y < 80; ++y) {
      for (int x = std::max(luma.width - 11 * t, 0);
           x < std::min(luma.width - 11 * t + 40, luma.width); ++x) {
        luma.row(y)[x] = 225;
      }
    }
    video.push_back(std::move(copy));
  }
  const model::ModelPtr model = model::DefaultModel().value();
  for (const double crf : {40.0, 48.0, 56.0}) {
    EncoderSettings settings;
    settings.crf = crf;
    const DecodedVideo decoded = DecodeVideo(EncodeVideo(video, settings, model), {}, model);
    ASSERT_EQ(decoded.frames.size(), video.size());
    ArtifactMeter meter;
    for (size_t i = 0; i < video.size(); ++i) meter.Add(*video[i], *decoded.frames[i]);
    EXPECT_LE(meter.worst_block().error, 40)
        << "crf " << crf << " frame " << meter.worst_block().frame;
  }
}

}  // namespace
}  // namespace furl::test
