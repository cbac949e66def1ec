#include <algorithm>

#include "nn/ops/scalar_ops.h"

namespace furl::nn {
namespace {

// Value of a convolution's input, clamped to the range of its format. Outside it u7 is 0, as the
// tensor's border is, and s16 is mirrored.
int32_t InputValue(const Tensor& in, int y, int x, int channel) {
  if (in.format() == Format::kU7) return in.U7(y, x)[channel];
  const int16_t* values = in.S16(Mirror(y, in.height()), Mirror(x, in.width()));
  return Clamp<int32_t>(values[channel], -8192, 8191);
}

// The sum of one output value.
int32_t Accumulate(const Node& node, int bias_row, const Tensor& in, int y, int x, int o,
                   int out_channels) {
  const int k = node.kernel;
  int32_t acc = node.weights.bias[size_t(bias_row) * out_channels + o];
  const int8_t* w = node.weights.weight.data() + size_t(o) * k * k * in.channels();
  for (int ky = 0; ky < k; ++ky) {
    for (int kx = 0; kx < k; ++kx) {
      for (int i = 0; i < in.channels(); ++i) {
        acc += *w++ * InputValue(in, y + ky - k / 2, x + kx - k / 2, i);
      }
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
