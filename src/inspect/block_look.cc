#include "inspect/block_look.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace furl::inspect {
namespace {

constexpr int kBlock = BitAccount::kBlock;
constexpr int kPart = 4;
constexpr int kParts = kBlock / kPart;

// Grain in film and noise of sensors deviate by 1 to 15 levels: less is not seen and hardly ever
// coded, more is content. Of pure noise added to a clip (sigma 3 to 10) more than nine tenths of
// the blocks that had bits were within these bounds, of the clean clip less than a twentieth
// (tests/inspect).
constexpr double kLeastDeviation = 0.7;
constexpr double kMostDeviation = 15;
constexpr double kLeastRoughness = 0.35;
constexpr double kLeastEvenness = 0.2;

// A third of the way from black to white of limited range. Below it eyes see least of noise, and
// cameras have most of it.
constexpr double kDark = 88;

// The differences of a block, as far as it is inside the picture.
struct Differences {
  int width = 0;
  int height = 0;
  std::array<double, kBlock * kBlock> values{};
  double luma = 0;

  double at(int x, int y) const { return values[static_cast<size_t>(y) * kBlock + x]; }
};

Differences Measure(const FrameAnalysis& analysis, int col, int row) {
  const Frame& picture = *analysis.picture;
  const ConstPlane shown = picture.plane(0);
  const ConstPlane predicted = analysis.prediction->plane(0);
  const double shown_unit = 1 << (picture.bit_depth() - 8);
  const double predicted_unit = 1 << (analysis.prediction->bit_depth() - 8);
  Differences d;
  d.width = std::min(kBlock, shown.width - col * kBlock);
  d.height = std::min(kBlock, shown.height - row * kBlock);
  double sum = 0;
  for (int y = 0; y < d.height; ++y) {
    for (int x = 0; x < d.width; ++x) {
      const double sample = shown.row(row * kBlock + y)[col * kBlock + x] / shown_unit;
      d.luma += sample;
      const double difference =
          sample - predicted.row(row * kBlock + y)[col * kBlock + x] / predicted_unit;
      d.values[static_cast<size_t>(y) * kBlock + x] = difference;
      sum += difference;
    }
  }
  const double mean = sum / (d.width * d.height);
  for (double& value : d.values) value -= mean;
  d.luma /= d.width * d.height;
  return d;
}

double Roughness(const Differences& d, double variance) {
  double sum = 0;
  int pairs = 0;
  const auto add = [&](double a, double b) {
    sum += (a - b) * (a - b);
    ++pairs;
  };
  for (int y = 0; y < d.height; ++y) {
    for (int x = 0; x < d.width; ++x) {
      if (x > 0) add(d.at(x, y), d.at(x - 1, y));
      if (y > 0) add(d.at(x, y), d.at(x, y - 1));
    }
  }
  return pairs == 0 ? 0 : sum / pairs / (2 * variance);
}

double Evenness(const Differences& d) {
  std::array<double, kParts * kParts> energy{};
  for (int y = 0; y < d.height; ++y) {
    for (int x = 0; x < d.width; ++x) {
      energy[static_cast<size_t>(y / kPart) * kParts + x / kPart] += d.at(x, y) * d.at(x, y);
    }
  }
  std::sort(energy.begin(), energy.end());
  const double total = std::accumulate(energy.begin(), energy.end(), 0.0);
  const double quiet = std::accumulate(energy.begin(), energy.begin() + kParts * kParts / 2, 0.0);
  return total > 0 ? quiet / total : 0;
}

}  // namespace

bool BlockLook::grain() const {
  return deviation >= kLeastDeviation && deviation <= kMostDeviation &&
         roughness >= kLeastRoughness && evenness >= kLeastEvenness;
}

bool BlockLook::dark() const { return luma < kDark; }

BlockLook LookAt(const FrameAnalysis& analysis, int col, int row) {
  const Differences d = Measure(analysis, col, row);
  double variance = 0;
  for (int y = 0; y < d.height; ++y) {
    for (int x = 0; x < d.width; ++x) variance += d.at(x, y) * d.at(x, y);
  }
  variance /= d.width * d.height;
  BlockLook look;
  look.luma = d.luma;
  look.deviation = std::sqrt(variance);
  if (variance == 0) return look;
  look.roughness = Roughness(d, variance);
  look.evenness = Evenness(d);
  return look;
}

}  // namespace furl::inspect
