#include "codec/latents/encode/flat_samples.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "codec/common/pack.h"

namespace furl::latents {

void FlattenSampleBlocks(const SampleBlocks& samples, bool intra, nn::Tensor* residual) {
  constexpr int kParts[3][2] = {{0, 64}, {64, 80}, {80, kPackedChannels}};  // Y, U, V
  std::vector<int16_t> values;
  for (int row = 0; row < samples.rows(); ++row) {
    for (int col = 0; col < samples.cols(); ++col) {
      if (!samples.At(col, row)) continue;
      int16_t* const positions[4] = {
          residual->S16(2 * row, 2 * col), residual->S16(2 * row, 2 * col + 1),
          residual->S16(2 * row + 1, 2 * col), residual->S16(2 * row + 1, 2 * col + 1)};
      for (const auto& [first, end] : kParts) {
        values.clear();
        for (const int16_t* at : positions) values.insert(values.end(), at + first, at + end);
        const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        const int16_t ground = intra ? *middle : int16_t{0};
        for (int16_t* at : positions) std::fill(at + first, at + end, ground);
      }
    }
  }
}

}  // namespace furl::latents
