#include "train/preprocess/augment.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace furl::train {
namespace {

using Samples = std::vector<uint8_t>;

void FlipRows(Samples& plane, int side) {
  for (int row = 0; row < side; ++row) {
    std::reverse(plane.begin() + row * side, plane.begin() + (row + 1) * side);
  }
}

void Transpose(Samples& plane, int side) {
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < y; ++x) std::swap(plane[y * side + x], plane[x * side + y]);
  }
}

void MapValues(Samples& plane, double gain, double shift) {
  constexpr double kPivot = 128;
  if (gain == 1 && shift == 0) return;
  uint8_t table[256];
  for (int i = 0; i < 256; ++i) {
    const auto value = std::lround((i - kPivot) * gain + kPivot + shift);
    table[i] = static_cast<uint8_t>(std::clamp(value, 0L, 255L));
  }
  for (uint8_t& value : plane) value = table[value];
}

void AddNoise(Samples& plane, double sigma, std::mt19937_64& rng) {
  // A short random table, read from a random phase, is noise enough and cheap.
  std::normal_distribution<double> normal(0, sigma);
  int8_t table[4099];
  for (int8_t& value : table) value = static_cast<int8_t>(std::lround(normal(rng)));
  size_t phase = rng() % 4099;
  for (uint8_t& value : plane) {
    value = static_cast<uint8_t>(std::clamp(value + table[phase], 0, 255));
    phase = phase + 1 == 4099 ? rng() % 4099 : phase + 1;
  }
}

template <typename Plane>
void EachPlane(Crop& crop, const Plane& change) {
  change(crop.y, crop.side);
  change(crop.u, crop.side / 2);
  change(crop.v, crop.side / 2);
}

}  // namespace

Change DrawChange(const Augmentation& settings, std::mt19937_64& rng) {
  std::uniform_real_distribution<double> unit(0, 1);
  const uint64_t bits = rng();
  Change change;
  change.mirror = settings.mirror && (bits & 1) != 0;
  change.transpose = settings.transpose && (bits & 2) != 0;
  if ((bits >> 2) % 3 == 0) {
    change.luma_shift = settings.brightness * (2 * unit(rng) - 1);
    change.luma_gain = 1 + settings.contrast * (2 * unit(rng) - 1);
  }
  if ((bits >> 8) % 4 == 0) {
    const double gain = 1.05 + settings.chroma_gain * (2 * unit(rng) - 1);
    if (settings.chroma_gain > 0) change.chroma_gain = gain;
  }
  change.swap_chroma = settings.swap_chroma && (bits >> 16) % 8 == 0;
  if ((bits >> 24) % 5 == 0) change.noise = settings.noise * unit(rng);
  change.reverse_time = settings.reverse_time && (bits >> 32) % 2 == 0;
  return change;
}

void ApplyChange(const Change& change, Crop& crop, std::mt19937_64& rng) {
  if (change.mirror) EachPlane(crop, FlipRows);
  if (change.transpose) EachPlane(crop, Transpose);
  MapValues(crop.y, change.luma_gain, change.luma_shift);
  MapValues(crop.u, change.chroma_gain, 0);
  MapValues(crop.v, change.chroma_gain, 0);
  if (change.swap_chroma) std::swap(crop.u, crop.v);
  if (change.noise <= 0) return;
  AddNoise(crop.y, change.noise, rng);
  AddNoise(crop.u, change.noise / 2, rng);
  AddNoise(crop.v, change.noise / 2, rng);
}

}  // namespace furl::train
