// quant: s16 -> u7, with an offset for each channel and a rounding shift.

#include <algorithm>

#include "nn/graph/graph_check.h"
#include "nn/ops/operator.h"
#include "nn/ops/rules.h"
#include "nn/ops/scalar_ops.h"

namespace furl::nn {

void QuantScalar(const Node& node, const Tensor& in, Tensor* out, int row_begin, int row_end) {
  const int channels = in.channels();
  const int32_t* offset = node.weights.bias.empty() ? nullptr : node.weights.bias.data();
  for (int y = row_begin; y < row_end; ++y) {
    for (int x = 0; x < in.width(); ++x) {
      const int16_t* from = in.S16(y, x);
      uint8_t* to = out->U7(y, x);
      for (int c = 0; c < channels; ++c) {
        const int32_t v = SaturateToInt16(from[c] + (offset != nullptr ? offset[c] : 0));
        to[c] = static_cast<uint8_t>(Clamp<int32_t>(RoundShift(v, node.shift), 0, 127));
      }
    }
  }
}

namespace {

Status Infer(const Graph& /*graph*/, const Node& node, int /*channels*/, TensorInfo* out) {
  if (out->format != Format::kS16) return BadNode(node, "format of the input");
  out->format = Format::kU7;
  return OkStatus();
}

Status CheckNumbers(const Node& node, const TensorInfo& in, const TensorInfo& /*out*/) {
  FURL_RETURN_IF_ERROR(CheckNoWeights(node));
  const std::vector<int32_t>& offsets = node.weights.bias;
  if (node.shift < 0 || node.shift > kMaxQuantShift) return BadNode(node, "shift");
  if (!offsets.empty() && offsets.size() != static_cast<size_t>(in.channels)) {
    return BadNode(node, "offsets");
  }
  const bool fits = std::all_of(offsets.begin(), offsets.end(),
                                [](int32_t v) { return v >= INT16_MIN && v <= INT16_MAX; });
  return fits ? OkStatus() : BadNode(node, "offset range");
}

Status Pack(const Node& node, const Kernels& /*kernels*/, PackedNumbers* packed) {
  const std::vector<int32_t>& offsets = node.weights.bias;
  if (offsets.empty()) return OkStatus();
  FURL_RETURN_IF_ERROR(packed->offset.Resize(offsets.size()));
  std::copy(offsets.begin(), offsets.end(), packed->offset.data());
  return OkStatus();
}

void Run(const NodeRun& run, int row_begin, int row_end) {
  const Tensor& in = run.in();
  if (run.kernels == nullptr) return QuantScalar(run.node, in, run.out, row_begin, row_end);
  for (int y = row_begin; y < row_end; ++y) {
    run.kernels->quant(in.S16(y, 0), run.packed.offset.data(), run.node.shift, in.width(),
                       in.channels(), run.out->U7(y, 0));
  }
}

Status ReadAttributes(const AttributeReader& from, const TensorInfo& /*in*/, Node* node,
                      int* /*channels*/) {
  return ReadShift(from, kMaxQuantShift, node);
}

void WriteAttributes(const Node& node, const TensorInfo& /*out*/, AttributeWriter* to) {
  to->SetInt("shift", node.shift);
}

Status ReadNumbers(const NumberReader& from, const TensorInfo& /*in*/, const TensorInfo& out,
                   int /*bias_rows*/, Node* node) {
  if (!from.Has(".offset")) return OkStatus();
  std::vector<int16_t> offsets;
  FURL_RETURN_IF_ERROR(from.Int16(".offset", {out.channels}, &offsets));
  node->weights.bias.assign(offsets.begin(), offsets.end());
  return OkStatus();
}

}  // namespace

constexpr Operator kQuantOperator = {
    .op = Op::kQuant,
    .name = "quant",
    .infer = Infer,
    .check_numbers = CheckNumbers,
    .pack = Pack,
    .run = Run,
    .read_attributes = ReadAttributes,
    .write_attributes = WriteAttributes,
    .read_numbers = ReadNumbers,
};

}  // namespace furl::nn
