#include "train/preprocess/crop.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "codec/common/pack.h"
#include "train/base/units.h"

namespace furl::train {
namespace {

void CopyRect(const uint8_t* from, int stride, int x, int y, int side, std::vector<uint8_t>& to) {
  to.resize(static_cast<size_t>(side) * side);
  for (int row = 0; row < side; ++row) {
    std::copy_n(from + static_cast<size_t>(y + row) * stride + x, side,
                to.data() + static_cast<size_t>(row) * side);
  }
}

void PackPlane(const std::vector<uint8_t>& plane, int side, int block, int first, float* out) {
  const int cells = side / block;
  for (int y = 0; y < side; ++y) {
    const uint8_t* row = plane.data() + static_cast<size_t>(y) * side;
    float* line = out + static_cast<size_t>(y / block) * cells * kPackedChannels + first +
                  (y % block) * block;
    for (int x = 0; x < side; ++x) {
      line[(x / block) * kPackedChannels + x % block] = static_cast<float>(row[x] / kSampleUnit);
    }
  }
}

}  // namespace

CropPlace DrawPlace(int width, int height, int side, std::mt19937_64& rng) {
  const int x = static_cast<int>(rng() % ((width - side) / 2 + 1)) * 2;
  const int y = static_cast<int>(rng() % ((height - side) / 2 + 1)) * 2;
  return {x, y, side};
}

Crop CutCrop(const uint8_t* picture, int width, int height, const CropPlace& place) {
  const size_t area = static_cast<size_t>(width) * height;
  const int half = place.side / 2;
  Crop crop;
  crop.side = place.side;
  CopyRect(picture, width, place.x, place.y, place.side, crop.y);
  CopyRect(picture + area, width / 2, place.x / 2, place.y / 2, half, crop.u);
  CopyRect(picture + area * 5 / 4, width / 2, place.x / 2, place.y / 2, half, crop.v);
  return crop;
}

double GradientEnergy(const Crop& crop) {
  int64_t sum = 0;
  for (int y = 1; y < crop.side; y += 2) {
    const uint8_t* row = crop.y.data() + static_cast<size_t>(y) * crop.side;
    for (int x = 1; x < crop.side; x += 2) {
      sum += std::abs(row[x] - row[x - 1]) + std::abs(row[x] - row[x - crop.side]);
    }
  }
  return static_cast<double>(sum);
}

void PackCrop(const Crop& crop, float* out) {
  PackPlane(crop.y, crop.side, 8, 0, out);
  PackPlane(crop.u, crop.side / 2, 4, 64, out);
  PackPlane(crop.v, crop.side / 2, 4, 80, out);
}

}  // namespace furl::train
