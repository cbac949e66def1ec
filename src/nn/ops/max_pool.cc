// max_pool: 2x2 positions become the largest of their values, channel by channel. Comparisons are
// the same everywhere, and compilers vectorize the loop, so that one code serves every target.

#include <algorithm>

#include "nn/ops/operator.h"
#include "nn/ops/rules.h"

namespace furl::nn {
namespace {

Status Infer(const Graph& /*graph*/, const Node& node, int /*channels*/, TensorInfo* out) {
  // Behind an odd side stands the border, whose zeros are the smallest u7.
  if (out->format != Format::kU7) return BadNode(node, "format of the input");
  return Rescale(node, out->scale * 2, out);
}

void Run(const NodeRun& run, int row_begin, int row_end) {
  const Tensor& in = run.in();
  Tensor* out = run.out;
  const int channels = in.channels();
  for (int y = row_begin; y < row_end; ++y) {
    for (int x = 0; x < out->width(); ++x) {
      const uint8_t* const above = in.U7(2 * y, 2 * x);  // two positions next to each other
      const uint8_t* const below = in.U7(2 * y + 1, 2 * x);
      uint8_t* const to = out->U7(y, x);
      for (int c = 0; c < channels; ++c) {
        to[c] = std::max(std::max(above[c], above[channels + c]),
                         std::max(below[c], below[channels + c]));
      }
    }
  }
}

}  // namespace

constexpr Operator kMaxPoolOperator = {
    .op = Op::kMaxPool,
    .name = "max_pool",
    .extra_work_per_value = 4,
    .infer = Infer,
    .run = Run,
};

}  // namespace furl::nn
