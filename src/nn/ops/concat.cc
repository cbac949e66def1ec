// concat: the channels of all inputs, one after the other. Values move and none
// changes, so that the same code serves every target.

#include <cstring>

#include "nn/ops/operator.h"
#include "nn/ops/rules.h"

namespace furl::nn {
namespace {

Status Infer(const Graph& graph, const Node& node, int /*channels*/, TensorInfo* out) {
  const TensorInfo& first = graph.tensors[node.in[0]];
  out->channels = 0;
  for (int index : node.in) {
    const TensorInfo& in = graph.tensors[index];
    if (in.format != first.format || !SameSize(in, first)) return BadNode(node, "inputs differ");
    out->channels += in.channels;
  }
  return OkStatus();
}

void Run(const NodeRun& run, int row_begin, int row_end) {
  const Tensor& out = *run.out;
  const size_t step = static_cast<size_t>(out.channels()) * BytesPerValue(out.format());
  size_t offset = 0;
  for (size_t i = 0; i < run.node.in.size(); ++i) {
    const Tensor& part = run.in(i);
    const size_t bytes = static_cast<size_t>(part.channels()) * BytesPerValue(part.format());
    for (int y = row_begin; y < row_end; ++y) {
      const uint8_t* from = part.Bytes(y, 0);
      uint8_t* to = run.out->Bytes(y, 0) + offset;
      for (int x = 0; x < out.width(); ++x) std::memcpy(to + x * step, from + x * bytes, bytes);
    }
    offset += bytes;
  }
}

}  // namespace

constexpr Operator kConcatOperator = {
    .op = Op::kConcat,
    .name = "concat",
    .max_inputs = 64,
    .infer = Infer,
    .run = Run,
};

}  // namespace furl::nn
