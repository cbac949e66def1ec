#include "session/package/ladder.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace furl::session {
namespace {

constexpr int kLeastSide = 64;
constexpr double kParts[] = {1, 2.0 / 3, 0.5, 1.0 / 3};
constexpr double kLeastRate = 20000;

// Quality over the logarithm of the rate, of one size, by rising rate.
using Curve = std::map<double, double>;

// On the line through the neighbours; beyond the ends it goes on as the last piece does.
double QualityAt(const Curve& curve, double log_rate) {
  auto high = curve.upper_bound(log_rate);
  if (high == curve.end()) --high;
  if (high == curve.begin()) ++high;
  if (high == curve.end()) return curve.begin()->second;
  const auto low = std::prev(high);
  const double slope = (high->second - low->second) / (high->first - low->first);
  return low->second + slope * (log_rate - low->first);
}

int EvenSide(double side) {
  return std::max(static_cast<int>(std::lround(side / 2)) * 2, kLeastSide);
}

}  // namespace

int64_t RoundedRate(double bits_per_second) {
  const double unit = std::pow(10, std::floor(std::log10(std::max(bits_per_second, 1.0))) - 1);
  return std::llround(std::round(bits_per_second / unit) * unit);
}

std::vector<Rung> LadderSizes(const VideoFormat& video) {
  std::vector<Rung> sizes = {{video.width, video.height, 0}};
  for (const double part : kParts) {
    const bool small = std::min(video.width, video.height) * part < kLeastSide;
    if (part == 1 || small) continue;
    sizes.push_back({EvenSide(video.width * part), EvenSide(video.height * part), 0});
  }
  return sizes;
}

std::vector<Rung> ChooseLadder(std::span<const LadderPoint> points) {
  std::map<int64_t, Curve> curves;  // by samples
  std::map<int64_t, Rung> sizes;
  double least = INFINITY;
  for (const LadderPoint& point : points) {
    const int64_t samples = int64_t{point.width} * point.height;
    sizes[samples] = {point.width, point.height, 0};
    curves[samples][std::log(std::max(point.bits_per_second, 1.0))] = point.psnr;
    least = std::min(least, point.bits_per_second);
  }
  std::vector<Rung> ladder;
  double rate = std::exp(curves.rbegin()->second.rbegin()->first);
  int64_t largest = curves.rbegin()->first;
  for (int i = 0; i < kMostRungs; ++i, rate /= 2) {
    if (i > 0 && rate < std::max(least, kLeastRate)) break;
    int64_t best = largest;
    for (const auto& [samples, curve] : curves) {
      if (samples > largest) break;
      const double log_rate = std::log(rate);
      if (QualityAt(curve, log_rate) > QualityAt(curves[best], log_rate)) best = samples;
    }
    largest = best;
    ladder.push_back(sizes[best]);
    ladder.back().bits_per_second = RoundedRate(rate);
  }
  return ladder;
}

std::vector<Rung> PlainLadder(const VideoFormat& video, double bits_per_sample) {
  constexpr double kSamples = 640 * 360 * 30;
  std::vector<Rung> ladder = LadderSizes(video);
  for (Rung& rung : ladder) {
    const double samples =
        1.0 * rung.width * rung.height * std::min(video.frame_rate.value(), 120.);
    // Twice the samples take 1.7 times the bits.
    rung.bits_per_second =
        RoundedRate(kSamples * bits_per_sample * std::pow(samples / kSamples, 0.75));
  }
  return ladder;
}

}  // namespace furl::session
