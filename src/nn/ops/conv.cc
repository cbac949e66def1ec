// conv and conv16: k x k convolutions with a requantized sum. conv reads u7,
// conv16 s16 clamped to 14 bits, which kernels take as two digits of 7 bits.

#include <algorithm>
#include <string>

#include "nn/graph/bias_knots.h"
#include "nn/graph/graph_check.h"
#include "nn/ops/operator.h"
#include "nn/ops/rules.h"
#include "nn/ops/scalar_ops.h"

namespace furl::nn {
namespace {

struct FormName {
  ConvForm form;
  const char* name;
};
constexpr FormName kForms[] = {
    {ConvForm::kRelu, "relu"}, {ConvForm::kS16, "s16"}, {ConvForm::kAdd, "add"}};

bool OnDigits(const Node& node) { return node.op == Op::kConv16; }

Status Infer(const Graph& graph, const Node& node, int channels, TensorInfo* out) {
  const bool adds = node.form == ConvForm::kAdd;
  if (node.in.size() != (adds ? 2 : 1)) return BadNode(node, "number of inputs");
  const TensorInfo& in = graph.tensors[node.in[0]];
  if (in.format != (OnDigits(node) ? Format::kS16 : Format::kU7)) {
    return BadNode(node, "format of the input");
  }
  const bool known = std::any_of(std::begin(kForms), std::end(kForms),
                                 [&](const FormName& f) { return f.form == node.form; });
  if (!known) return BadNode(node, "unknown form");
  if (OnDigits(node) && node.form == ConvForm::kRelu) return BadNode(node, "form");
  out->channels = channels;
  out->format = node.form == ConvForm::kRelu ? Format::kU7 : Format::kS16;
  if (adds) {
    const TensorInfo& residual = graph.tensors[node.in[1]];
    if (residual.format != Format::kS16 || residual.channels != out->channels ||
        !SameSize(residual, in)) {
      return BadNode(node, "shape of the residual");
    }
  }
  return OkStatus();
}

Status CheckNumbers(const Node& node, const TensorInfo& in, const TensorInfo& out) {
  const Weights& w = node.weights;
  if (node.kernel != 1 && node.kernel != 3) return BadNode(node, "kernel");
  if (node.shift < 0 || node.shift > kMaxConvShift) return BadNode(node, "shift");
  if (w.bias_rows != 1 && w.bias_rows != kBiasRows) return BadNode(node, "rows of bias");
  const auto outputs = static_cast<size_t>(out.channels);
  if (w.mult.size() != outputs || w.bias.size() != outputs * w.bias_rows ||
      w.weight.size() != outputs * in.channels * node.kernel * node.kernel) {
    return BadNode(node, "number of weights");
  }
  if (std::any_of(w.mult.begin(), w.mult.end(), [](int16_t m) { return m < 1; })) {
    return BadNode(node, "mult");
  }
  if (std::find(w.weight.begin(), w.weight.end(), int8_t{-128}) != w.weight.end()) {
    return BadNode(node, "weight -128");
  }
  return ProveNoOverflow(node, in.channels, out.channels);
}

// Two digits are two multiplications.
double Macs(const Node& node, const TensorInfo& in, const TensorInfo& out) {
  const double macs = 1.0 * in.channels * out.channels * node.kernel * node.kernel;
  return macs * (OnDigits(node) ? 2 : 1);
}

int Halo(const Node& node) { return node.kernel / 2; }

Status Pack(const Node& node, const Kernels& kernels, PackedNumbers* packed) {
  return PackConv(node, kernels.pack, &packed->conv);
}

void Run(const NodeRun& run, int row_begin, int row_end) {
  const Node& node = run.node;
  const Tensor* residual = node.form == ConvForm::kAdd ? &run.in(1) : nullptr;
  if (run.kernels == nullptr) {
    return ConvScalar(node, run.bias_row, run.in(), residual, run.out, row_begin, row_end);
  }
  const PackedConv& conv = run.packed.conv;
  const Tensor& in = OnDigits(node) ? *run.high : run.in();
  const int first = -Halo(node);
  ConvJob job;
  job.conv = &conv;
  job.bias = conv.bias.data() + static_cast<size_t>(run.bias_row) * conv.padded_outputs;
  job.width = run.out->width();
  job.input = in.U7(first, first);
  if (OnDigits(node)) job.input_low = run.low->U7(first, first);
  job.input_row_stride = in.row_stride();
  if (residual != nullptr) {
    job.residual = residual->S16(0, 0);
    job.residual_row_stride = residual->row_stride();
  }
  job.output = run.out->Bytes(0, 0);
  job.output_row_stride = run.out->row_stride();
  run.kernels->conv(job, row_begin, row_end);
}

Status ReadAttributes(const AttributeReader& from, const TensorInfo& /*in*/, Node* node,
                      int* channels) {
  FURL_ASSIGN_OR_RETURN(*channels, from.Int("channels", 1, kMaxChannels));
  FURL_ASSIGN_OR_RETURN(node->kernel, from.Int("kernel", 1, 3));
  FURL_RETURN_IF_ERROR(ReadShift(from, kMaxConvShift, node));
  FURL_ASSIGN_OR_RETURN(const std::string form, from.Text("form"));
  for (const FormName& known : kForms) {
    if (form == known.name) {
      node->form = known.form;
      return OkStatus();
    }
  }
  return Unsupported("unknown convolution form");
}

void WriteAttributes(const Node& node, const TensorInfo& out, AttributeWriter* to) {
  to->SetInt("channels", out.channels);
  to->SetInt("kernel", node.kernel);
  to->SetInt("shift", node.shift);
  to->SetFlag("qp", node.weights.bias_rows == kBiasRows);
  for (const FormName& known : kForms) {
    if (known.form == node.form) to->SetText("form", known.name);
  }
}

// Of as many rows as the weights say: one, all, or knots between which the others lie.
Status ReadBias(const NumberReader& from, int channels, Weights* w) {
  if (w->bias_rows == 1) return from.Int32(".bias", {channels}, &w->bias);
  if (from.Rows(".bias") != kBiasKnots) {
    return from.Int32(".bias", {w->bias_rows, channels}, &w->bias);
  }
  std::vector<int32_t> knots;
  FURL_RETURN_IF_ERROR(from.Int32(".bias", {kBiasKnots, channels}, &knots));
  w->bias = ExpandBiasKnots(knots);
  return OkStatus();
}

Status ReadNumbers(const NumberReader& from, const TensorInfo& in, const TensorInfo& out,
                   int bias_rows, Node* node) {
  Weights* w = &node->weights;
  w->bias_rows = bias_rows;
  const std::vector<int64_t> outputs = {out.channels};
  FURL_RETURN_IF_ERROR(
      from.Int8(".weight", {out.channels, node->kernel, node->kernel, in.channels}, &w->weight));
  FURL_RETURN_IF_ERROR(ReadBias(from, out.channels, w));
  return from.Int16(".mult", outputs, &w->mult);
}

constexpr Operator Row(Op op, const char* name, bool on_digits) {
  return {
      .op = op,
      .name = name,
      .max_inputs = 2,
      .on_digits = on_digits,
      .infer = Infer,
      .check_numbers = CheckNumbers,
      .macs = Macs,
      .halo = Halo,
      .pack = Pack,
      .run = Run,
      .read_attributes = ReadAttributes,
      .write_attributes = WriteAttributes,
      .read_numbers = ReadNumbers,
  };
}

}  // namespace

constexpr Operator kConvOperator = Row(Op::kConv, "conv", false);
constexpr Operator kConv16Operator = Row(Op::kConv16, "conv16", true);

}  // namespace furl::nn
