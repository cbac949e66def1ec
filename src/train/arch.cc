#include "train/arch.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace furl::train {
namespace {

using Json = nlohmann::json;

Result<nn::Op> OpFromName(const std::string& name) {
  static const std::map<std::string, nn::Op> kOps = {{"conv", nn::Op::kConv},
                                                     {"conv16", nn::Op::kConv16},
                                                     {"quant", nn::Op::kQuant},
                                                     {"add", nn::Op::kAdd},
                                                     {"concat", nn::Op::kConcat},
                                                     {"space_to_depth", nn::Op::kSpaceToDepth},
                                                     {"depth_to_space", nn::Op::kDepthToSpace},
                                                     {"crop", nn::Op::kCrop}};
  const auto found = kOps.find(name);
  if (found == kOps.end()) return InvalidArgument("unknown op " + name);
  return found->second;
}

nn::ConvForm FormFromName(const std::string& name) {
  if (name == "relu") return nn::ConvForm::kRelu;
  return name == "add" ? nn::ConvForm::kAdd : nn::ConvForm::kS16;
}

int OutputChannels(const ArchNode& node, const std::map<std::string, int>& channels) {
  const int first = channels.at(node.in[0]);
  switch (node.op) {
    case nn::Op::kConv:
    case nn::Op::kConv16: return node.channels;
    case nn::Op::kSpaceToDepth: return first * 4;
    case nn::Op::kDepthToSpace: return first / 4;
    case nn::Op::kConcat: {
      int sum = 0;
      for (const auto& in : node.in) sum += channels.at(in);
      return sum;
    }
    default: return first;
  }
}

Result<ArchNode> ParseNode(const Json& json, std::map<std::string, int>& channels) {
  ArchNode node;
  FURL_ASSIGN_OR_RETURN(node.op, OpFromName(json.at("op").get<std::string>()));
  node.name = json.at("name").get<std::string>();
  node.in = json.at("in").get<std::vector<std::string>>();
  node.out = json.at("out").get<std::string>();
  node.channels = json.value("channels", 0);
  node.kernel = json.value("kernel", 1);
  node.form = FormFromName(json.value("form", std::string("s16")));
  node.shift = json.value("shift", 0);
  node.scale = json.value("scale", 0);
  node.qp = json.value("qp", false);
  node.zero_init = json.value("init", std::string()) == "zero";
  for (const auto& in : node.in) {
    if (!channels.contains(in)) return InvalidArgument(node.name + " reads unknown tensor " + in);
  }
  node.in_channels = channels.at(node.in[0]);
  node.channels = OutputChannels(node, channels);
  channels[node.out] = node.channels;
  return node;
}

Result<ArchGraph> ParseGraph(const std::string& name, const Json& json) {
  ArchGraph graph;
  graph.name = name;
  std::map<std::string, int> channels;
  for (const auto& in : json.at("inputs")) {
    const bool u7 = in.at("format").get<std::string>() == "u7";
    graph.inputs.push_back({in.at("name").get<std::string>(),
                            u7 ? nn::Format::kU7 : nn::Format::kS16, in.at("channels").get<int>(),
                            in.at("scale").get<int>()});
    channels[graph.inputs.back().name] = graph.inputs.back().channels;
  }
  for (const auto& node : json.at("nodes")) {
    FURL_ASSIGN_OR_RETURN(ArchNode parsed, ParseNode(node, channels));
    graph.nodes.push_back(std::move(parsed));
  }
  graph.outputs = json.at("outputs").get<std::vector<std::string>>();
  return graph;
}

}  // namespace

Result<Architecture> ParseArchitecture(const std::string& json_text) {
  const Json json = Json::parse(json_text, nullptr, false);
  if (json.is_discarded()) return InvalidArgument("the architecture is not JSON");
  Architecture arch;
  arch.json = json_text;
  try {
    arch.family = json.at("family").get<std::string>();
    arch.name = json.at("name").get<std::string>();
    for (const auto& [name, graph] : json.at("graphs").items()) {
      FURL_ASSIGN_OR_RETURN(ArchGraph parsed, ParseGraph(name, graph));
      arch.graphs[name] = std::move(parsed);
    }
  } catch (const Json::exception& e) {
    return InvalidArgument(std::string("architecture: ") + e.what());
  }
  return arch;
}

Result<Architecture> ReadArchitecture(const std::string& path) {
  std::ifstream in(path);
  if (!in) return IoError("cannot read " + path);
  std::stringstream text;
  text << in.rdbuf();
  return ParseArchitecture(text.str());
}

}  // namespace furl::train
