// space_to_depth: 2x2 positions become one of four times the channels. Values
// move and none changes, so that the same code serves every target.

#include <cstring>

#include "nn/ops/operator.h"
#include "nn/ops/rules.h"

namespace furl::nn {
namespace {

Status Infer(const Graph& /*graph*/, const Node& node, int /*channels*/, TensorInfo* out) {
  out->channels *= 4;
  return Rescale(node, out->scale * 2, out);
}

void Run(const NodeRun& run, int row_begin, int row_end) {
  const Tensor& in = run.in();
  Tensor* out = run.out;
  const size_t bytes = size_t(in.channels()) * BytesPerValue(in.format());
  for (int y = row_begin; y < row_end; ++y) {
    for (int sy = 0; sy < 2; ++sy) {
      // Behind an odd side stands the border, which is zero as required; a
      // position is two input positions wide and they are neighbours.
      const uint8_t* from = in.Bytes(2 * y + sy, 0);
      uint8_t* to = out->Bytes(y, 0) + sy * 2 * bytes;
      for (int x = 0; x < out->width(); ++x) {
        std::memcpy(to + x * 4 * bytes, from + x * 2 * bytes, 2 * bytes);
      }
    }
  }
}

}  // namespace

constexpr Operator kSpaceToDepthOperator = {
    .op = Op::kSpaceToDepth,
    .name = "space_to_depth",
    .infer = Infer,
    .run = Run,
};

}  // namespace furl::nn
