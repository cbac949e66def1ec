#include "model/decoder_part.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "model/graph_description.h"
#include "model/shallow_json.h"

namespace furl::model {
namespace {

using Json = nlohmann::json;

bool IsEncoders(const Json& graph) {
  return graph.is_object() && graph.contains("side") && graph["side"] == "encoder";
}

// Names of the nodes of a graph whose structure may not have been checked yet.
std::vector<std::string> NodeNames(const Json& graph) {
  std::vector<std::string> names;
  if (!graph.contains("nodes") || !graph["nodes"].is_array()) return names;
  for (const Json& node : graph["nodes"]) {
    if (node.is_object() && node.contains("name") && node["name"].is_string()) {
      names.push_back(node["name"].get<std::string>());
    }
  }
  return names;
}

// Tensors of a node are called "<node>.<what>".
void RemoveNode(const std::string& node, std::map<std::string, TensorEntry>* tensors) {
  const std::string prefix = node + ".";
  auto it = tensors->lower_bound(prefix);
  while (it != tensors->end() && it->first.starts_with(prefix)) it = tensors->erase(it);
}

void AppendNumber(uint64_t value, std::vector<uint8_t>* out) {
  for (int i = 0; i < 8; ++i) out->push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void AppendText(std::string_view text, std::vector<uint8_t>* out) {
  AppendNumber(text.size(), out);
  out->insert(out->end(), text.begin(), text.end());
}

}  // namespace

Result<DecoderPart> FindDecoderPart(const SafeTensors& file) {
  const auto metadata = [&](const char* key) {
    const auto it = file.metadata().find(key);
    return it == file.metadata().end() ? std::string() : it->second;
  };
  Json json = ParseShallowJson(metadata("graphs"), kMaxArchitectureDepth);
  if (!json.is_object() || !json.contains("graphs") || !json["graphs"].is_object()) {
    return InvalidStream("graph description is not a JSON object with graphs");
  }
  DecoderPart part;
  part.family = metadata("family");
  part.tensors = file.tensors();
  Json kept = Json::object();
  for (const auto& [name, graph] : json["graphs"].items()) {
    if (!IsEncoders(graph)) {
      kept[name] = graph;
      continue;
    }
    for (const std::string& node : NodeNames(graph)) RemoveNode(node, &part.tensors);
  }
  part.graphs = Json{{"graphs", std::move(kept)}}.dump(-1, ' ', /*ensure_ascii=*/true,
                                                       Json::error_handler_t::replace);
  return part;
}

ModelId Identify(const DecoderPart& part) {
  std::vector<uint8_t> text;
  AppendText(part.family, &text);
  AppendText(part.graphs, &text);
  for (const auto& [name, tensor] : part.tensors) {
    AppendText(name, &text);
    AppendText(DTypeName(tensor.dtype), &text);
    AppendNumber(tensor.shape.size(), &text);
    for (const int64_t side : tensor.shape) AppendNumber(static_cast<uint64_t>(side), &text);
    text.insert(text.end(), tensor.data.begin(), tensor.data.end());
  }
  const Sha256Digest digest = Sha256(text);
  ModelId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

Result<ModelId> IdentifyFile(std::vector<uint8_t> bytes) {
  FURL_ASSIGN_OR_RETURN(const SafeTensors file, SafeTensors::Parse(std::move(bytes)));
  FURL_ASSIGN_OR_RETURN(const DecoderPart part, FindDecoderPart(file));
  return Identify(part);
}

}  // namespace furl::model
