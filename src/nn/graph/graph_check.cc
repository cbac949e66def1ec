#include "nn/graph/graph_check.h"

#include <algorithm>
#include <vector>

#include "nn/ops/operator.h"
#include "nn/ops/rules.h"
#include "nn/tensor.h"

namespace furl::nn {
namespace {

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
  if (node.out != index) return BadNode(node, "index of the output");
  for (int in : node.in) {
    if (in < 0 || in >= index) return BadNode(node, "index of an input");
  }
  const int conv_channels =
      static_cast<int>(std::min(node.weights.mult.size(), size_t{kMaxChannels} + 1));
  FURL_ASSIGN_OR_RETURN(const TensorInfo inferred, InferOutput(graph, node, conv_channels));
  const TensorInfo& stated = graph.tensors[index];
  if (stated.format != inferred.format || stated.channels != inferred.channels ||
      !SameSize(stated, inferred)) {
    return BadNode(node, "shape of the output");
  }
  const auto check = OperatorOf(node).check_numbers;
  if (check == nullptr) return CheckNoNumbers(node);
  return check(node, graph.tensors[node.in[0]], stated);
}

// A node whose work no output shows has no business in a model.
Status CheckAllUsed(const Graph& graph) {
  std::vector<bool> used(graph.tensors.size(), false);
  for (int output : graph.outputs) used[output] = true;
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    const Node& node = graph.nodes[n];
    if (!used[node.out]) return BadNode(node, "no output depends on it");
    for (int in : node.in) used[in] = true;
  }
  return OkStatus();
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
  const Operator* op = FindOperator(node.op);
  if (op == nullptr) return BadNode(node, "unknown operator");
  if (node.in.size() < op->min_inputs || node.in.size() > op->max_inputs) {
    return BadNode(node, "number of inputs");
  }
  for (int in : node.in) {
    if (in < 0 || size_t(in) >= graph.tensors.size()) return BadNode(node, "index of an input");
    const TensorInfo& info = graph.tensors[in];
    if (!ChannelsAreValid(info.channels) || !ScaleIsKnown(info.scale)) {
      return BadNode(node, "shape of an input");
    }
  }
  TensorInfo out = graph.tensors[node.in[0]];
  out.name.clear();
  out.rounded_scale = CanonicalRoundedScale(out.scale, out.rounded_scale);
  FURL_RETURN_IF_ERROR(op->infer(graph, node, conv_channels, &out));
  if (!ChannelsAreValid(out.channels)) return BadNode(node, "channels");
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
  return CheckAllUsed(graph).WithContext(graph.name);
}

}  // namespace furl::nn
