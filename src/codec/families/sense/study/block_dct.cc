#include "codec/families/sense/study/block_dct.h"

#include <cmath>
#include <cstddef>
#include <numbers>

#include "codec/families/sense/measurement_plan.h"

namespace furl::sense {

BlockDct::BlockDct(int side)
    : side_(side),
      basis_(static_cast<size_t>(side) * side),
      transposed_(static_cast<size_t>(side) * side) {
  for (int k = 0; k < side; ++k) {
    const double norm = std::sqrt((k == 0 ? 1.0 : 2.0) / side);
    for (int i = 0; i < side; ++i) {
      const double entry = norm * std::cos(std::numbers::pi * k * (2 * i + 1) / (2 * side));
      basis_[k * side + i] = transposed_[i * side + k] = static_cast<float>(entry);
    }
  }
}

void BlockDct::Transform(const std::vector<float>& matrix, const float* from, float* to) const {
  float half[kLumaSamples] = {};  // from * transposed matrix
  for (int y = 0; y < side_; ++y) {
    for (int k = 0; k < side_; ++k) {
      float sum = 0;
      for (int i = 0; i < side_; ++i) sum += from[y * side_ + i] * matrix[k * side_ + i];
      half[y * side_ + k] = sum;
    }
  }
  for (int k = 0; k < side_; ++k) {
    float* const out = to + k * side_;
    for (int x = 0; x < side_; ++x) out[x] = 0;
    for (int y = 0; y < side_; ++y) {
      const float weight = matrix[k * side_ + y];
      for (int x = 0; x < side_; ++x) out[x] += weight * half[y * side_ + x];
    }
  }
}

}  // namespace furl::sense
