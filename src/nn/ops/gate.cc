// gate: an s16 tensor times a u7 one, where 128 would be 1. What recurrent networks need beside
// convolutions: with quant as hard sigmoid it lets through a part of each value. One multiplication
// per value in 16-bit lanes, which compilers find by themselves, so that the same code serves
// every target.

#include "base/checked_math.h"
#include "nn/graph/graph_check.h"
#include "nn/ops/operator.h"
#include "nn/ops/rules.h"

namespace furl::nn {
namespace {

Status Infer(const Graph& graph, const Node& node, int /*channels*/, TensorInfo* out) {
  const TensorInfo& gate = graph.tensors[node.in[1]];
  const bool fits = out->format == Format::kS16 && gate.format == Format::kU7 &&
                    gate.channels == out->channels && SameSize(gate, *out);
  return fits ? OkStatus() : BadNode(node, "an s16 input and a u7 one of the same shape");
}

void Run(const NodeRun& run, int row_begin, int row_end) {
  const Tensor& value = run.in(0);
  const Tensor& gate = run.in(1);
  const int count = value.width() * value.channels();
  for (int y = row_begin; y < row_end; ++y) {
    const int16_t* v = value.S16(y, 0);
    const uint8_t* g = gate.U7(y, 0);
    int16_t* to = run.out->S16(y, 0);
    for (int i = 0; i < count; ++i) to[i] = static_cast<int16_t>((v[i] * g[i] + 64) >> 7);
  }
}

}  // namespace

constexpr Operator kGateOperator = {
    .op = Op::kGate,
    .name = "gate",
    .min_inputs = 2,
    .max_inputs = 2,
    .infer = Infer,
    .run = Run,
};

}  // namespace furl::nn
