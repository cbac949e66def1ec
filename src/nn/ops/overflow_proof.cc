// The load-time proof of docs/numerics.md section 3, in 64-bit arithmetic.

#include <cstdint>

#include "nn/graph/graph_check.h"

namespace furl::nn {
namespace {

constexpr int64_t kLow = INT32_MIN;
constexpr int64_t kHigh = INT32_MAX;

bool InInt32(int64_t v) { return v >= kLow && v <= kHigh; }

}  // namespace

Status ProveNoOverflow(const Node& node, int in_channels, int out_channels) {
  const bool digits = node.op == Op::kConv16;
  // Largest input: a u7 value, or 128 * hi + lo of the two digits.
  const int64_t x_max = digits ? 16383 : 127;
  const int64_t offset = digits ? 8192 : 0;
  const int64_t rounding = node.shift > 0 ? int64_t{1} << (node.shift - 1) : 0;
  const size_t per_output = size_t(in_channels) * node.kernel * node.kernel;
  for (int o = 0; o < out_channels; ++o) {
    const int8_t* w = node.weights.weight.data() + o * per_output;
    int64_t positive = 0;
    int64_t negative = 0;
    for (size_t i = 0; i < per_output; ++i) (w[i] > 0 ? positive : negative) += w[i];
    // Every partial sum, in whatever order the terms are added, lies between
    // these bounds, and so does the bias with the offset folded in.
    for (int row = 0; row < node.weights.bias_rows; ++row) {
      const int64_t bias = int64_t{node.weights.bias[size_t(row) * out_channels + o]} -
                           offset * (positive + negative);
      if (!InInt32(bias) || !InInt32(bias + x_max * positive + rounding) ||
          !InInt32(bias + x_max * negative)) {
        return InvalidStream(node.name + ": a sum can overflow");
      }
    }
  }
  return OkStatus();
}

}  // namespace furl::nn
