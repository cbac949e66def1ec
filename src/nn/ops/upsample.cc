// upsample: a position becomes 2x2 like it. Values move and none changes, so that the same code
// serves every target.

#include <cstring>

#include "nn/ops/operator.h"
#include "nn/ops/rules.h"

namespace furl::nn {
namespace {

Status Infer(const Graph& /*graph*/, const Node& node, int /*channels*/, TensorInfo* out) {
  return Rescale(node, out->scale / 2, out);
}

void Run(const NodeRun& run, int row_begin, int row_end) {
  const Tensor& in = run.in();
  Tensor* out = run.out;
  const size_t bytes = size_t(in.channels()) * BytesPerValue(in.format());
  for (int y = row_begin; y < row_end; ++y) {
    const uint8_t* from = in.Bytes(y / 2, 0);
    uint8_t* to = out->Bytes(y, 0);
    for (int x = 0; x < in.width(); ++x) {
      std::memcpy(to + (2 * x) * bytes, from + x * bytes, bytes);
      std::memcpy(to + (2 * x + 1) * bytes, from + x * bytes, bytes);
    }
  }
}

}  // namespace

constexpr Operator kUpsampleOperator = {
    .op = Op::kUpsample,
    .name = "upsample",
    .infer = Infer,
    .run = Run,
};

}  // namespace furl::nn
