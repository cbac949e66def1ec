#include "nn/graph/graph_check.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <string>

#include "nn/tensor.h"

namespace furl::nn {
namespace {

bool IsConv(const Node& node) { return node.op == Op::kConv || node.op == Op::kConv16; }

Status Bad(const Node& node, const char* what) { return InvalidStream(node.name + ": " + what); }

bool ScaleIsKnown(int scale) {
  return scale == 4 || scale == 8 || scale == 16 || scale == 32 || scale == 64;
}

bool SameSize(const TensorInfo& a, const TensorInfo& b) {
  return a.scale == b.scale && CanonicalRoundedScale(a.scale, a.rounded_scale) ==
                                   CanonicalRoundedScale(b.scale, b.rounded_scale);
}

bool ChannelsAreValid(int channels) {
  return channels > 0 && channels <= kMaxChannels && channels % kChannelMultiple == 0;
}

Status CheckInputCount(const Node& node) {
  size_t wanted = 1;
  switch (node.op) {
    case Op::kConv:
    case Op::kConv16: wanted = node.form == ConvForm::kAdd ? 2 : 1; break;
    case Op::kAdd: wanted = 2; break;
    case Op::kConcat:
      return node.in.empty() || node.in.size() > 64 ? Bad(node, "number of inputs") : OkStatus();
    case Op::kQuant:
    case Op::kSpaceToDepth:
    case Op::kDepthToSpace:
    case Op::kCrop:
    case Op::kLap: break;
    default: return Bad(node, "unknown operator");
  }
  return node.in.size() == wanted ? OkStatus() : Bad(node, "number of inputs");
}

Status InferConv(const Graph& graph, const Node& node, int channels, TensorInfo* out) {
  const TensorInfo& in = graph.tensors[node.in[0]];
  const Format wanted = node.op == Op::kConv ? Format::kU7 : Format::kS16;
  if (in.format != wanted) return Bad(node, "format of the input");
  if (node.form != ConvForm::kRelu && node.form != ConvForm::kS16 && node.form != ConvForm::kAdd) {
    return Bad(node, "unknown form");
  }
  if (node.op == Op::kConv16 && node.form == ConvForm::kRelu) return Bad(node, "form");
  out->channels = channels;
  out->format = node.form == ConvForm::kRelu ? Format::kU7 : Format::kS16;
  if (node.form == ConvForm::kAdd) {
    const TensorInfo& residual = graph.tensors[node.in[1]];
    if (residual.format != Format::kS16 || residual.channels != out->channels ||
        !SameSize(residual, in)) {
      return Bad(node, "shape of the residual");
    }
  }
  return OkStatus();
}

Status InferJoin(const Graph& graph, const Node& node, TensorInfo* out) {
  const TensorInfo& first = graph.tensors[node.in[0]];
  int channels = 0;
  for (int index : node.in) {
    const TensorInfo& in = graph.tensors[index];
    if (in.format != first.format || !SameSize(in, first)) return Bad(node, "inputs differ");
    if (node.op == Op::kAdd && (in.channels != first.channels || in.format != Format::kS16)) {
      return Bad(node, "inputs differ");
    }
    channels += in.channels;
  }
  out->channels = node.op == Op::kAdd ? first.channels : channels;
  return OkStatus();
}

Status InferShuffle(const Node& node, TensorInfo* out) {
  const int rounded = CanonicalRoundedScale(out->scale, out->rounded_scale);
  if (node.op == Op::kSpaceToDepth) {
    out->scale *= 2;
    out->channels *= 4;
  } else if (node.op == Op::kDepthToSpace) {
    if (out->channels % (4 * kChannelMultiple) != 0) return Bad(node, "channels");
    out->scale /= 2;
    out->channels /= 4;
  }
  if (!ScaleIsKnown(out->scale)) return Bad(node, "scale");
  out->rounded_scale = CanonicalRoundedScale(out->scale, node.op == Op::kCrop ? 16 : rounded);
  return OkStatus();
}

Status CheckConvNumbers(const Node& node, int in_channels, int out_channels) {
  const Weights& w = node.weights;
  if (node.kernel != 1 && node.kernel != 3) return Bad(node, "kernel");
  if (node.shift < 0 || node.shift > kMaxConvShift) return Bad(node, "shift");
  if (w.bias_rows != 1 && w.bias_rows != kQpRows) return Bad(node, "rows of bias");
  const size_t outputs = size_t(out_channels);
  if (w.mult.size() != outputs || w.bias.size() != outputs * w.bias_rows ||
      w.weight.size() != outputs * in_channels * node.kernel * node.kernel) {
    return Bad(node, "number of weights");
  }
  if (std::any_of(w.mult.begin(), w.mult.end(), [](int16_t m) { return m < 1; })) {
    return Bad(node, "mult");
  }
  if (std::find(w.weight.begin(), w.weight.end(), int8_t{-128}) != w.weight.end()) {
    return Bad(node, "weight -128");
  }
  return ProveNoOverflow(node, in_channels, out_channels);
}

Status InferLap(const Node& node, const TensorInfo& in) {
  const bool packed =
      in.format == Format::kS16 && in.channels == kLapChannels && in.scale == kLapScale;
  if (!packed) return Bad(node, "input is no packed picture");
  return in.rounded_scale > 16 ? Bad(node, "input overhangs") : OkStatus();
}

// Differences of 16 bits times these weights must stay inside int32.
Status CheckLapWeights(const Node& node) {
  constexpr int kMaxRowSum = 65535;
  const std::vector<int16_t>& w = node.weights.lap;
  if (w.size() != kLapWeights) return Bad(node, "number of weights");
  const int16_t* row = w.data();
  for (const int side : {kLapLumaSide, kLapChromaSide}) {
    for (int k = 0; k < side; ++k, row += side) {
      const int sum =
          std::accumulate(row, row + side, 0, [](int total, int v) { return total + std::abs(v); });
      if (sum > kMaxRowSum) return Bad(node, "weights are too large");
    }
  }
  return OkStatus();
}

Status CheckNumbers(const Node& node, const TensorInfo& in, const TensorInfo& out) {
  if (IsConv(node)) return CheckConvNumbers(node, in.channels, out.channels);
  const Weights& w = node.weights;
  if (!w.weight.empty() || !w.mult.empty()) return Bad(node, "weights of an operator without");
  if (node.op == Op::kLap) FURL_RETURN_IF_ERROR(CheckLapWeights(node));
  if (node.op != Op::kQuant) return w.bias.empty() ? OkStatus() : Bad(node, "unexpected bias");
  if (node.shift < 0 || node.shift > kMaxQuantShift) return Bad(node, "shift");
  if (!w.bias.empty() && w.bias.size() != size_t(in.channels)) return Bad(node, "offsets");
  const bool fits = std::all_of(w.bias.begin(), w.bias.end(),
                                [](int32_t v) { return v >= INT16_MIN && v <= INT16_MAX; });
  return fits ? OkStatus() : Bad(node, "offset range");
}

Status CheckLists(const Graph& graph) {
  if (graph.nodes.size() > kMaxNodes || graph.inputs.size() > kMaxNodes ||
      graph.outputs.size() > kMaxNodes) {
    return LimitExceeded(graph.name + ": too many nodes");
  }
  if (graph.inputs.empty() || graph.outputs.empty()) {
    return InvalidStream(graph.name + ": no inputs or no outputs");
  }
  if (graph.tensors.size() != graph.inputs.size() + graph.nodes.size()) {
    return InvalidStream(graph.name + ": number of tensors");
  }
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    if (graph.inputs[i] != static_cast<int>(i)) return InvalidStream(graph.name + ": inputs");
    FURL_RETURN_IF_ERROR(CheckInput(graph.tensors[i]).WithContext(graph.name));
  }
  std::vector<int> outputs = graph.outputs;
  std::sort(outputs.begin(), outputs.end());
  if (outputs.front() < 0 || size_t(outputs.back()) >= graph.tensors.size() ||
      std::adjacent_find(outputs.begin(), outputs.end()) != outputs.end()) {
    return InvalidStream(graph.name + ": outputs");
  }
  return OkStatus();
}

Status CheckNode(const Graph& graph, const Node& node, int index) {
  if (node.out != index) return Bad(node, "index of the output");
  for (int in : node.in) {
    if (in < 0 || in >= index) return Bad(node, "index of an input");
  }
  const int conv_channels =
      static_cast<int>(std::min(node.weights.mult.size(), size_t{kMaxChannels} + 1));
  FURL_ASSIGN_OR_RETURN(const TensorInfo inferred, InferOutput(graph, node, conv_channels));
  const TensorInfo& stated = graph.tensors[index];
  if (stated.format != inferred.format || stated.channels != inferred.channels ||
      !SameSize(stated, inferred)) {
    return Bad(node, "shape of the output");
  }
  return CheckNumbers(node, graph.tensors[node.in[0]], stated);
}

}  // namespace

int CanonicalRoundedScale(int scale, int rounded_scale) {
  return std::max({scale, rounded_scale, 16});
}

Status CheckInput(const TensorInfo& info) {
  if (info.format != Format::kU7 && info.format != Format::kS16) {
    return InvalidStream(info.name + ": format");
  }
  if (!ChannelsAreValid(info.channels)) return InvalidStream(info.name + ": channels");
  if (!ScaleIsKnown(info.scale)) return InvalidStream(info.name + ": scale");
  if (info.rounded_scale > info.scale && info.rounded_scale > 16) {
    return InvalidStream(info.name + ": an input can't overhang");
  }
  return OkStatus();
}

Result<TensorInfo> InferOutput(const Graph& graph, const Node& node, int conv_channels) {
  FURL_RETURN_IF_ERROR(CheckInputCount(node));
  for (int in : node.in) {
    if (in < 0 || size_t(in) >= graph.tensors.size()) return Bad(node, "index of an input");
    const TensorInfo& info = graph.tensors[in];
    if (!ChannelsAreValid(info.channels) || !ScaleIsKnown(info.scale)) {
      return Bad(node, "shape of an input");
    }
  }
  TensorInfo out = graph.tensors[node.in[0]];
  out.name.clear();
  out.rounded_scale = CanonicalRoundedScale(out.scale, out.rounded_scale);
  switch (node.op) {
    case Op::kConv:
    case Op::kConv16: FURL_RETURN_IF_ERROR(InferConv(graph, node, conv_channels, &out)); break;
    case Op::kQuant:
      if (out.format != Format::kS16) return Bad(node, "format of the input");
      out.format = Format::kU7;
      break;
    case Op::kAdd:
    case Op::kConcat: FURL_RETURN_IF_ERROR(InferJoin(graph, node, &out)); break;
    case Op::kLap: FURL_RETURN_IF_ERROR(InferLap(node, out)); break;
    default: FURL_RETURN_IF_ERROR(InferShuffle(node, &out)); break;
  }
  if (!ChannelsAreValid(out.channels)) return Bad(node, "channels");
  return out;
}

Status ValidateGraph(const Graph& graph) {
  FURL_RETURN_IF_ERROR(CheckLists(graph));
  size_t weights = 0;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const int index = static_cast<int>(graph.inputs.size() + i);
    FURL_RETURN_IF_ERROR(CheckNode(graph, node, index).WithContext(graph.name));
    weights += node.weights.weight.size();
    if (weights > kMaxWeights) return LimitExceeded(graph.name + ": too many weights");
  }
  return OkStatus();
}

}  // namespace furl::nn
