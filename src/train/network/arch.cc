#include "train/network/arch.h"

#include "base/file.h"
#include "model/graph_description.h"

namespace furl::train {
namespace {

constexpr size_t kMaxTextBytes = size_t{1} << 20;

ArchNode FromNode(const nn::Graph& graph, const nn::Node& node) {
  const nn::TensorInfo& out = graph.tensors[node.out];
  ArchNode arch;
  arch.op = node.op;
  arch.name = node.name;
  for (const int in : node.in) arch.in.push_back(graph.tensors[in].name);
  arch.out = out.name;
  arch.channels = out.channels;
  arch.in_channels = graph.tensors[node.in[0]].channels;
  arch.kernel = node.kernel;
  arch.form = node.form;
  arch.shift = node.shift;
  arch.scale = out.scale;
  return arch;
}

ArchGraph FromGraph(const model::Architecture& described, const nn::Graph& graph) {
  ArchGraph arch;
  arch.name = graph.name;
  for (const int index : graph.inputs) {
    const nn::TensorInfo& info = graph.tensors[index];
    arch.inputs.push_back({info.name, info.format, info.channels, info.scale});
  }
  for (const nn::Node& node : graph.nodes) {
    ArchNode& added = arch.nodes.emplace_back(FromNode(graph, node));
    added.qp = described.qp_nodes.contains(node.name);
    added.zero_init = described.zero_nodes.contains(node.name);
    if (node.op == nn::Op::kLap) added.lap_strength = described.lap_strength.at(node.name);
  }
  for (const int index : graph.outputs) arch.outputs.push_back(graph.tensors[index].name);
  return arch;
}

}  // namespace

Result<Architecture> ParseArchitecture(const std::string& json_text) {
  FURL_ASSIGN_OR_RETURN(const model::Architecture described, model::ParseArchitecture(json_text));
  if (described.family.empty() || described.name.empty()) {
    return InvalidArgument("the architecture has no family or no name");
  }
  Architecture arch;
  arch.family = described.family;
  arch.name = described.name;
  arch.json = json_text;
  for (const auto& [name, graph] : described.graphs) {
    for (const nn::Node& node : graph->nodes) {
      if (node.op == nn::Op::kLap && !described.lap_strength.contains(node.name)) {
        return InvalidArgument("node '" + node.name + "' has no strength");
      }
    }
    arch.graphs[name] = FromGraph(described, *graph);
  }
  return arch;
}

Result<Architecture> ReadArchitecture(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const std::vector<uint8_t> text, ReadFile(path, kMaxTextBytes));
  auto arch = ParseArchitecture({text.begin(), text.end()});
  if (!arch.ok()) return arch.status().WithContext(path);
  return arch;
}

}  // namespace furl::train
