// quant and add.

#include "nn/ops/scalar_ops.h"

namespace furl::nn {

void QuantScalar(const Node& node, const Tensor& in, Tensor* out, int row_begin, int row_end) {
  const int channels = in.channels();
  const int32_t* offset = node.weights.bias.empty() ? nullptr : node.weights.bias.data();
  for (int y = row_begin; y < row_end; ++y) {
    for (int x = 0; x < in.width(); ++x) {
      const int16_t* from = in.S16(y, x);
      uint8_t* to = out->U7(y, x);
      for (int c = 0; c < channels; ++c) {
        const int32_t v = SaturateToInt16(from[c] + (offset != nullptr ? offset[c] : 0));
        to[c] = static_cast<uint8_t>(Clamp<int32_t>(RoundShift(v, node.shift), 0, 127));
      }
    }
  }
}

void AddScalar(const Tensor& a, const Tensor& b, Tensor* out, int row_begin, int row_end) {
  for (int y = row_begin; y < row_end; ++y) {
    const int16_t* from_a = a.S16(y, 0);
    const int16_t* from_b = b.S16(y, 0);
    int16_t* to = out->S16(y, 0);
    const int count = a.width() * a.channels();
    for (int i = 0; i < count; ++i) to[i] = SaturateToInt16(from_a[i] + from_b[i]);
  }
}

}  // namespace furl::nn
