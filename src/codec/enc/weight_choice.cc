#include "codec/enc/weight_choice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace furl {
namespace {

using motion::Weights;

constexpr int kBlock = 16;  // of luma
// Weights must bring the means of blocks closer by this factor, and by this many levels of 8 bits
// on average: they cost bits, and what moves in and out of blocks looks like a change of light.
constexpr double kGain = 0.75;
constexpr double kLeastGain = 0.5;

// Means of a plane's blocks, less the middle of the range, in levels of 8 bits.
std::vector<double> BlockMeans(const Frame& frame, int p) {
  const ConstPlane plane = frame.plane(p);
  const int side = p == 0 ? kBlock : kBlock / 2;
  const double level = 1 << (frame.bit_depth() - 8);
  std::vector<double> means;
  for (int y0 = 0; y0 < plane.height; y0 += side) {
    for (int x0 = 0; x0 < plane.width; x0 += side) {
      const int y1 = std::min(y0 + side, plane.height);
      const int x1 = std::min(x0 + side, plane.width);
      int sum = 0;
      for (int y = y0; y < y1; ++y) {
        const uint16_t* const row = plane.row(y);
        for (int x = x0; x < x1; ++x) sum += row[x];
      }
      means.push_back(sum / level / ((x1 - x0) * (y1 - y0)) - 128);
    }
  }
  return means;
}

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

double Deviation(const std::vector<double>& values) {
  const double mean = Mean(values);
  double sum = 0;
  for (const double v : values) sum += (v - mean) * (v - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

using Planes = std::array<std::vector<double>, 3>;

Weights WithGain(int gain, const Planes& original, const Planes& reference) {
  Weights weights;
  weights.gain = gain;
  for (int p = 0; p < 3; ++p) {
    const double expected = Mean(reference[p]) * gain / Weights::kUnitGain;
    const auto quarters = static_cast<int>(std::lround(4 * (Mean(original[p]) - expected)));
    weights.offset[p] = std::clamp(quarters, -Weights::kMaxOffset - 1, Weights::kMaxOffset);
  }
  return weights;
}

// Mean distance of the blocks' means, of all planes.
double Distance(const Weights& weights, const Planes& original, const Planes& reference) {
  double sum = 0;
  for (int p = 0; p < 3; ++p) {
    const double gain = static_cast<double>(weights.gain) / Weights::kUnitGain;
    const double offset = weights.offset[p] / 4.0;
    double distance = 0;
    for (size_t i = 0; i < original[p].size(); ++i) {
      distance += std::abs(original[p][i] - gain * reference[p][i] - offset);
    }
    sum += distance / static_cast<double>(original[p].size());
  }
  return sum;
}

}  // namespace

Weights ChooseWeights(const Frame& original, const Frame& reference) {
  Planes wanted;
  Planes given;
  for (int p = 0; p < 3; ++p) {
    wanted[p] = BlockMeans(original, p);
    given[p] = BlockMeans(reference, p);
  }
  const double plain = Distance({}, wanted, given);
  const double contrast = Deviation(wanted[0]) / std::max(Deviation(given[0]), 0.01);
  const int gain = static_cast<int>(
      std::lround(std::min(Weights::kUnitGain * contrast, 1.0 * Weights::kMaxGain)));
  const Weights scaled = WithGain(gain, wanted, given);
  const Weights shifted = WithGain(Weights::kUnitGain, wanted, given);
  const double as_scaled = Distance(scaled, wanted, given);
  const double as_shifted = Distance(shifted, wanted, given);
  const bool scale = as_scaled < as_shifted;
  const double least = scale ? as_scaled : as_shifted;
  if (least > kGain * plain || plain - least < kLeastGain) return {};
  return scale ? scaled : shifted;
}

}  // namespace furl
