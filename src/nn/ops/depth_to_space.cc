// depth_to_space: a position becomes 2x2 of a quarter of the channels. Values
// move and none changes, so that the same code serves every target.

#include <cstring>

#include "nn/ops/operator.h"
#include "nn/ops/rules.h"

namespace furl::nn {
namespace {

Status Infer(const Graph& /*graph*/, const Node& node, int /*channels*/, TensorInfo* out) {
  if (out->channels % (4 * kChannelMultiple) != 0) return BadNode(node, "channels");
  out->channels /= 4;
  return Rescale(node, out->scale / 2, out);
}

void Run(const NodeRun& run, int row_begin, int row_end) {
  const Tensor& in = run.in();
  Tensor* out = run.out;
  const size_t bytes = size_t(out->channels()) * BytesPerValue(out->format());
  for (int y = row_begin; y < row_end; ++y) {
    const uint8_t* from = in.Bytes(y / 2, 0) + (y % 2) * 2 * bytes;
    uint8_t* to = out->Bytes(y, 0);
    for (int x = 0; x < in.width(); ++x) {
      std::memcpy(to + x * 2 * bytes, from + x * 4 * bytes, 2 * bytes);
    }
  }
}

}  // namespace

constexpr Operator kDepthToSpaceOperator = {
    .op = Op::kDepthToSpace,
    .name = "depth_to_space",
    .infer = Infer,
    .run = Run,
};

}  // namespace furl::nn
