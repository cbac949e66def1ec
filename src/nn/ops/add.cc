// add: the saturating sum of two s16 tensors.

#include "nn/ops/operator.h"
#include "nn/ops/rules.h"
#include "nn/ops/scalar_ops.h"

namespace furl::nn {
namespace {

Status Infer(const Graph& graph, const Node& node, int /*channels*/, TensorInfo* out) {
  const TensorInfo& second = graph.tensors[node.in[1]];
  const bool fits = out->format == Format::kS16 && second.format == Format::kS16 &&
                    second.channels == out->channels && SameSize(second, *out);
  return fits ? OkStatus() : BadNode(node, "inputs differ");
}

void Run(const NodeRun& run, int row_begin, int row_end) {
  const Tensor& a = run.in(0);
  const Tensor& b = run.in(1);
  if (run.kernels == nullptr) return AddScalar(a, b, run.out, row_begin, row_end);
  const size_t count = static_cast<size_t>(a.width()) * a.channels();
  for (int y = row_begin; y < row_end; ++y) {
    run.kernels->add(a.S16(y, 0), b.S16(y, 0), count, run.out->S16(y, 0));
  }
}

}  // namespace

void AddScalar(const Tensor& a, const Tensor& b, Tensor* out, int row_begin, int row_end) {
  for (int y = row_begin; y < row_end; ++y) {
    const int16_t* from_a = a.S16(y, 0);
    const int16_t* from_b = b.S16(y, 0);
    int16_t* to = out->S16(y, 0);
    const int count = a.width() * a.channels();
    for (int i = 0; i < count; ++i) to[i] = SaturateToInt16(from_a[i] + from_b[i]);
  }
}

constexpr Operator kAddOperator = {
    .op = Op::kAdd,
    .name = "add",
    .min_inputs = 2,
    .max_inputs = 2,
    .infer = Infer,
    .run = Run,
};

}  // namespace furl::nn
