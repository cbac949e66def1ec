#include <algorithm>

#include "nn/ops/scalar_ops.h"

namespace furl::nn {
namespace {

// The products of one position's channels, summed. Outside of the input u7 is 0, as the tensor's
// border is.
int32_t SumU7(const Tensor& in, int y, int x, const int8_t* weights) {
  const uint8_t* const values = in.U7(y, x);
  const int channels = in.channels();
  int32_t sum = 0;
  for (int i = 0; i < channels; ++i) sum += weights[i] * values[i];
  return sum;
}

// The same of s16, which counts with 14 bits and is mirrored outside.
int32_t SumS16(const Tensor& in, int y, int x, const int8_t* weights) {
  const int16_t* const values = in.S16(Mirror(y, in.height()), Mirror(x, in.width()));
  const int channels = in.channels();
  int32_t sum = 0;
  for (int i = 0; i < channels; ++i) sum += weights[i] * Clamp<int32_t>(values[i], -8192, 8191);
  return sum;
}

// The sum of one output value.
int32_t Accumulate(const Node& node, int bias_row, const Tensor& in, int y, int x, int o,
                   int out_channels) {
  const int k = node.kernel;
  const auto sum = in.format() == Format::kU7 ? SumU7 : SumS16;
  int32_t acc = node.weights.bias[size_t(bias_row) * out_channels + o];
  const int8_t* w = node.weights.weight.data() + size_t(o) * k * k * in.channels();
  for (int ky = 0; ky < k; ++ky) {
    for (int kx = 0; kx < k; ++kx, w += in.channels()) {
      acc += sum(in, y + ky - k / 2, x + kx - k / 2, w);
    }
  }
  return acc;
}

}  // namespace

void ConvScalar(const Node& node, int bias_row, const Tensor& in, const Tensor* residual,
                Tensor* out, int row_begin, int row_end) {
  const int out_channels = out->channels();
  for (int y = row_begin; y < row_end; ++y) {
    for (int x = 0; x < out->width(); ++x) {
      for (int o = 0; o < out_channels; ++o) {
        const int32_t acc = Accumulate(node, bias_row, in, y, x, o, out_channels);
        const int32_t v = Requantize(acc, node.shift, node.weights.mult[o]);
        switch (node.form) {
          case ConvForm::kRelu:
            out->U7(y, x)[o] = static_cast<uint8_t>(Clamp<int32_t>(v, 0, 127));
            break;
          case ConvForm::kS16: out->S16(y, x)[o] = static_cast<int16_t>(v); break;
          case ConvForm::kAdd:
            out->S16(y, x)[o] = SaturateToInt16(v + residual->S16(y, x)[o]);
            break;
        }
      }
    }
  }
}

}  // namespace furl::nn
