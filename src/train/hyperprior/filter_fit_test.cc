#include "train/hyperprior/filter_fit.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

namespace furl::train::hyperprior {
namespace {

// An original that is the decoded picture, filtered by known taps in every class.
TEST(FilterFit, FindsTheTapsThatMadeTheOriginal) {
  constexpr int kSize = 128;
  const std::array<double, filter::kTaps> known = {-0.02, 0.03, 0.1, 0.01, -0.04, 0.12};
  std::mt19937 rng(2);
  const FramePtr decoded = Frame::Create(kSize, kSize, 12, filter::kFilterBorder).value();
  for (int p = 0; p < 3; ++p) {
    for (int y = 0; y < decoded->plane(p).height; ++y) {
      for (int x = 0; x < decoded->plane(p).width; ++x) {
        decoded->plane(p).row(y)[x] = static_cast<uint16_t>(1900 + rng() % 300);
      }
    }
  }
  decoded->ExtendBorder();
  const FramePtr original = Frame::Create(kSize, kSize, 12).value();
  for (int p = 0; p < 3; ++p) {
    const Plane from = decoded->plane(p);
    for (int y = 0; y < from.height; ++y) {
      for (int x = 0; x < from.width; ++x) {
        double value = from.row(y)[x];
        for (int k = 0; k < filter::kTaps; ++k) {
          const auto [dx, dy] = filter::kTapOffsets[k];
          value += known[k] *
                   (from.row(y + dy)[x + dx] + from.row(y - dy)[x - dx] - 2.0 * from.row(y)[x]);
        }
        original->plane(p).row(y)[x] = static_cast<uint16_t>(std::lround(value));
      }
    }
  }
  const std::vector<uint8_t> qps(16, 30);
  const filter::LoopFilterInput input = {decoded.get(), nullptr, qps};
  FilterStatistics statistics(true);
  statistics.Add(input, *original);
  const auto fitted = filter::LoopFilter::Create(statistics.Fit()).value();
  const FramePtr filtered = Frame::Create(kSize, kSize, 12).value();
  const FramePtr untouched = Frame::Create(kSize, kSize, 12).value();
  fitted->Run(input, {filter::kTrainedStrength, filter::kTrainedStrength}, nullptr, filtered.get());
  fitted->Run(input, {0, 0}, nullptr, untouched.get());
  const auto error = [&](const FramePtr& frame) {
    double sum = 0;
    for (int y = 0; y < kSize; ++y) {
      for (int x = 0; x < kSize; ++x) {
        sum += std::abs(frame->plane(0).row(y)[x] - original->plane(0).row(y)[x]);
      }
    }
    return sum / (kSize * kSize);
  };
  EXPECT_LT(error(filtered), 0.05 * error(untouched));
}

}  // namespace
}  // namespace furl::train::hyperprior
