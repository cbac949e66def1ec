#include "codec/enc/temporal_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace furl {
namespace {

constexpr int kWidth = 83;  // neither is a multiple of a block's side
constexpr int kHeight = 61;
constexpr double kStep = 12;

// Waves that move by `shift` samples to the right, with noise of that deviation (8-bit levels).
FramePtr Picture(double shift, double noise, unsigned seed, int bit_depth = 8) {
  FramePtr frame = Frame::Create(kWidth, kHeight, bit_depth).value();
  std::mt19937 random(seed);
  std::normal_distribution<double> gauss(0, std::max(noise, 1e-9));
  const double level = 1 << (bit_depth - 8);
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    const double scale = p == 0 ? 1 : 2;
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const double at = (x * scale - shift) * 0.13 + std::sin(y * scale * 0.21);
        const double value = 120 + 50 * std::sin(at) + gauss(random);
        plane.row(y)[x] = static_cast<uint16_t>(std::lround(value * level));
      }
    }
  }
  return frame;
}

// The mean square of the difference, in 8-bit levels.
double Error(const Frame& a, const Frame& b, int p) {
  double sum = 0;
  const double level = 1 << (a.bit_depth() - 8);
  for (int y = 0; y < a.plane(p).height; ++y) {
    for (int x = 0; x < a.plane(p).width; ++x) {
      const double d = (a.plane(p).row(y)[x] - b.plane(p).row(y)[x]) / level;
      sum += d * d;
    }
  }
  return sum / (static_cast<double>(a.plane(p).width) * a.plane(p).height);
}

std::vector<NearbyFrame> Around(double speed, double noise, int bit_depth = 8) {
  std::vector<NearbyFrame> nearby;
  for (int distance : {-2, -1, 1, 2}) {
    nearby.push_back({Picture(-speed * distance, noise, 10 + distance, bit_depth), distance});
  }
  return nearby;
}

ConstFramePtr Filtered(const ConstFramePtr& frame, const std::vector<NearbyFrame>& nearby,
                       double step = kStep, ThreadPool* pool = nullptr) {
  return TemporalFilter::Create(kWidth, kHeight)->Apply(frame, nearby, step, 1.5, pool).value();
}

TEST(TemporalFilter, TakesNoiseOutOfWhatStandsAndMoves) {
  for (int bit_depth : {8, 10}) {
    for (double speed : {0.0, 3.0}) {
      const FramePtr clean = Picture(0, 0, 1, bit_depth);
      const FramePtr noisy = Picture(0, 3, 2, bit_depth);
      const ConstFramePtr filtered = Filtered(noisy, Around(speed, 3, bit_depth));
      for (int p = 0; p < 3; ++p) {
        EXPECT_LT(Error(*filtered, *clean, p), 0.6 * Error(*noisy, *clean, p))
            << bit_depth << " bit, speed " << speed << ", plane " << p;
      }
    }
  }
}

TEST(TemporalFilter, LeavesWhatIsElsewhereAlone) {
  const FramePtr frame = Picture(0, 3, 2);
  std::vector<NearbyFrame> nearby;
  for (int distance : {-1, 1}) {
    const FramePtr other = Picture(0, 60, 7 + distance);  // another picture altogether
    nearby.push_back({other, distance});
  }
  for (int p = 0; p < 3; ++p) EXPECT_LT(Error(*Filtered(frame, nearby), *frame, p), 0.5) << p;
}

TEST(TemporalFilter, ChangesNoMoreThanTheStepHides) {
  const FramePtr frame = Picture(0, 3, 2);
  const std::vector<NearbyFrame> nearby = Around(0, 3);
  EXPECT_EQ(Filtered(frame, nearby, 1.9), frame);
  EXPECT_EQ(Filtered(frame, {}), frame);
  const ConstFramePtr filtered = Filtered(frame, nearby, 5);
  int most = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      most = std::max(most, std::abs(filtered->plane(0).row(y)[x] - frame->plane(0).row(y)[x]));
    }
  }
  EXPECT_EQ(most, 2);  // half of the step
}

TEST(TemporalFilter, ThreadsChangeNothing) {
  const FramePtr frame = Picture(0, 3, 2);
  const std::vector<NearbyFrame> nearby = Around(2, 3);
  ThreadPool pool(3);
  const ConstFramePtr one = Filtered(frame, nearby);
  const ConstFramePtr three = Filtered(frame, nearby, kStep, &pool);
  for (int p = 0; p < 3; ++p) EXPECT_EQ(Error(*one, *three, p), 0) << p;
}

}  // namespace
}  // namespace furl
