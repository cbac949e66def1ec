#include "model/graph_description.h"

#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "model/shallow_json.h"
#include "nn/graph/graph_check.h"
#include "nn/ops/operator.h"
#include "nn/tensor.h"

namespace furl::model {
namespace {

using Json = nlohmann::json;
using nn::Format;
using nn::Graph;
using nn::Node;
using nn::TensorInfo;

constexpr size_t kMaxGraphs = 64;

// Field access that reports what is wrong instead of throwing.
class Fields : public nn::AttributeReader {
 public:
  explicit Fields(const JsonValue& json) : json_(json) {}

  Result<std::string> Text(const char* key) const override {
    const JsonValue* field = json_.Find(key);
    if (field == nullptr || field->text() == nullptr) return Missing(key);
    return *field->text();
  }
  Result<int> Int(const char* key, int lo, int hi) const override {
    const JsonValue* field = json_.Find(key);
    const std::optional<int64_t> v = field != nullptr ? field->integer() : std::nullopt;
    if (!v) return Missing(key);
    if (*v < lo || *v > hi) {
      return InvalidStream(std::string("graph field '") + key + "' out of range");
    }
    return static_cast<int>(*v);
  }
  Result<double> Number(const char* key) const {
    const JsonValue* field = json_.Find(key);
    const std::optional<double> v = field != nullptr ? field->number() : std::nullopt;
    if (!v) return Missing(key);
    return *v;
  }
  bool Flag(const char* key) const {
    const JsonValue* field = json_.Find(key);
    return field != nullptr && field->flag() != nullptr && *field->flag();
  }
  bool Has(const char* key) const override { return json_.Find(key) != nullptr; }
  Result<const JsonValue::Array*> Array(const char* key) const {
    const JsonValue* field = json_.Find(key);
    if (field == nullptr || field->array() == nullptr) return Missing(key);
    return field->array();
  }

 private:
  static Status Missing(const char* key) {
    return InvalidStream(std::string("graph field '") + key + "' missing or of the wrong type");
  }
  const JsonValue& json_;
};

class GraphParser {
 public:
  GraphParser(std::string name, Architecture* architecture)
      : graph_(std::make_shared<Graph>()), architecture_(architecture) {
    graph_->name = std::move(name);
  }

  Result<std::shared_ptr<Graph>> Parse(const JsonValue& json) {
    const Fields fields(json);
    FURL_ASSIGN_OR_RETURN(const JsonValue::Array* inputs, fields.Array("inputs"));
    FURL_ASSIGN_OR_RETURN(const JsonValue::Array* nodes, fields.Array("nodes"));
    FURL_ASSIGN_OR_RETURN(const JsonValue::Array* outputs, fields.Array("outputs"));
    if (inputs->size() > 16 || outputs->size() > 16 || nodes->size() > nn::kMaxNodes) {
      return LimitExceeded("graph '" + graph_->name + "' is too large");
    }
    for (const JsonValue& input : *inputs) FURL_RETURN_IF_ERROR(ParseInput(input));
    for (const JsonValue& node : *nodes) FURL_RETURN_IF_ERROR(ParseNode(node));
    for (const JsonValue& output : *outputs) {
      if (output.text() == nullptr) return InvalidStream("graph output is not a name");
      FURL_ASSIGN_OR_RETURN(const int index, Tensor(*output.text()));
      graph_->outputs.push_back(index);
    }
    return graph_;
  }

 private:
  Result<int> Tensor(const std::string& name) const {
    const auto it = index_.find(name);
    if (it == index_.end()) return InvalidStream("graph tensor '" + name + "' is not defined");
    return it->second;
  }

  Result<int> Define(TensorInfo info) {
    const int index = static_cast<int>(graph_->tensors.size());
    if (!index_.emplace(info.name, index).second) {
      return InvalidStream("tensor '" + info.name + "' is defined twice");
    }
    graph_->tensors.push_back(std::move(info));
    return index;
  }

  Status ParseInput(const JsonValue& json) {
    const Fields fields(json);
    TensorInfo info;
    FURL_ASSIGN_OR_RETURN(info.name, fields.Text("name"));
    FURL_ASSIGN_OR_RETURN(const std::string format, fields.Text("format"));
    if (format != "u7" && format != "s16") return InvalidStream("unknown tensor format");
    info.format = format == "u7" ? Format::kU7 : Format::kS16;
    FURL_ASSIGN_OR_RETURN(info.channels, fields.Int("channels", 1, nn::kMaxChannels));
    FURL_ASSIGN_OR_RETURN(info.scale, fields.Int("scale", 4, 64));
    info.rounded_scale = nn::CanonicalRoundedScale(info.scale, 0);
    FURL_RETURN_IF_ERROR(nn::CheckInput(info));
    FURL_ASSIGN_OR_RETURN(const int index, Define(std::move(info)));
    graph_->inputs.push_back(index);
    return OkStatus();
  }

  Status ParseNode(const JsonValue& json) {
    const Fields fields(json);
    Node node;
    FURL_ASSIGN_OR_RETURN(node.name, fields.Text("name"));
    // Two nodes of one name would load the same tensors again and again.
    if (!architecture_->node_names.insert(node.name).second) {
      return InvalidStream("node '" + node.name + "' is defined twice");
    }
    FURL_ASSIGN_OR_RETURN(const std::string op_name, fields.Text("op"));
    const nn::Operator* op = nn::FindOperator(op_name);
    if (op == nullptr) return Unsupported("unknown graph operator '" + op_name + "'");
    node.op = op->op;
    FURL_RETURN_IF_ERROR(ParseNodeInputs(json, &node));
    auto out = ParseOutput(fields, *op, &node);
    if (!out.ok()) return out.status().WithContext("node '" + node.name + "'");
    FURL_ASSIGN_OR_RETURN(node.out, Define(std::move(out).value()));
    if (fields.Flag("qp")) architecture_->qp_nodes.insert(node.name);
    if (fields.Has("init")) architecture_->zero_nodes.insert(node.name);
    if (fields.Has("strength")) {
      FURL_ASSIGN_OR_RETURN(architecture_->lap_strength[node.name], fields.Number("strength"));
    }
    graph_->nodes.push_back(std::move(node));
    return OkStatus();
  }

  // "in" is a name or a list of names.
  Status ParseNodeInputs(const JsonValue& json, Node* node) const {
    const JsonValue* in = json.Find("in");
    if (in == nullptr) return InvalidStream("graph node without inputs");
    const auto list = in->array() != nullptr ? std::span(*in->array()) : std::span(in, 1);
    if (list.empty() || list.size() > 8) return InvalidStream("graph node with a bad input count");
    for (const JsonValue& name : list) {
      if (name.text() == nullptr) return InvalidStream("graph node input is not a name");
      FURL_ASSIGN_OR_RETURN(const int index, Tensor(*name.text()));
      node->in.push_back(index);
    }
    return OkStatus();
  }

  // Reads the attributes of the operator and infers the tensor they make.
  Result<TensorInfo> ParseOutput(const Fields& fields, const nn::Operator& op, Node* node) const {
    int channels = 0;
    if (op.read_attributes != nullptr) {
      const TensorInfo& in = graph_->tensors[node->in[0]];
      FURL_RETURN_IF_ERROR(op.read_attributes(fields, in, node, &channels));
    }
    FURL_ASSIGN_OR_RETURN(TensorInfo out, nn::InferOutput(*graph_, *node, channels));
    FURL_ASSIGN_OR_RETURN(out.name, fields.Text("out"));
    return out;
  }

  std::shared_ptr<Graph> graph_;
  Architecture* architecture_;
  std::map<std::string, int> index_;
};

// The tensors of a file that belong to one node.
class NodeTensors : public nn::NumberReader {
 public:
  NodeTensors(const SafeTensors& file, const std::string& node) : file_(file), node_(node) {}

  bool Has(const char* suffix) const override { return file_.tensors().contains(node_ + suffix); }
  int64_t Rows(const char* suffix) const override {
    const auto found = file_.tensors().find(node_ + suffix);
    return found == file_.tensors().end() || found->second.shape.empty() ? 0
                                                                         : found->second.shape[0];
  }
  Status Int8(const char* suffix, const std::vector<int64_t>& shape,
              std::vector<int8_t>* values) const override {
    return Read(suffix, DType::kI8, shape, values);
  }
  Status Int16(const char* suffix, const std::vector<int64_t>& shape,
               std::vector<int16_t>* values) const override {
    return Read(suffix, DType::kI16, shape, values);
  }
  Status Int32(const char* suffix, const std::vector<int64_t>& shape,
               std::vector<int32_t>* values) const override {
    return Read(suffix, DType::kI32, shape, values);
  }

 private:
  // Elements are little-endian, as this machine's.
  template <typename T>
  Status Read(const char* suffix, DType type, const std::vector<int64_t>& shape,
              std::vector<T>* values) const {
    FURL_ASSIGN_OR_RETURN(const TensorEntry entry, file_.Find(node_ + suffix, type, shape));
    values->resize(entry.data.size() / sizeof(T));
    std::memcpy(values->data(), entry.data.data(), values->size() * sizeof(T));
    return OkStatus();
  }

  const SafeTensors& file_;
  const std::string& node_;
};

Status LoadNode(const SafeTensors& file, const Graph& graph, bool qp, Node* node) {
  const auto read = nn::OperatorOf(*node).read_numbers;
  if (read == nullptr) return OkStatus();
  return read(NodeTensors(file, node->name), graph.tensors[node->in[0]], graph.tensors[node->out],
              qp ? nn::kBiasRows : 1, node);
}

class JsonAttributes : public nn::AttributeWriter {
 public:
  explicit JsonAttributes(Json* json) : json_(*json) {}
  void SetInt(const char* key, int value) override { json_[key] = value; }
  void SetFlag(const char* key, bool value) override { json_[key] = value; }
  void SetText(const char* key, const char* value) override { json_[key] = value; }

 private:
  Json& json_;
};

// An object with an object "graphs".
Result<JsonValue> ParseText(const std::string& text) {
  JsonValue json = ParseShallowJson(text, kMaxArchitectureDepth);
  const JsonValue* graphs = json.Find("graphs");
  if (graphs == nullptr || graphs->object() == nullptr) {
    return InvalidStream("graph description is not a JSON object with graphs");
  }
  return json;
}

// Graphs that nobody has checked.
GraphSides SidesOf(const JsonValue::Object& graphs) {
  GraphSides sides;
  std::string kept;
  for (const auto& [name, graph] : graphs) {
    const Result<std::string> side = Fields(graph).Text("side");
    if (!side.ok() || *side != "encoder") {
      if (!kept.empty()) kept += ',';
      AppendJsonText(name, &kept);
      kept += ':';
      graph.AppendTo(&kept);
      continue;
    }
    const Result<const JsonValue::Array*> nodes = Fields(graph).Array("nodes");
    if (!nodes.ok()) continue;
    for (const JsonValue& node : **nodes) {
      const Result<std::string> node_name = Fields(node).Text("name");
      if (node_name.ok()) sides.encoder_nodes.push_back(*node_name);
    }
  }
  sides.decoder_text = "{\"graphs\":{" + kept + "}}";
  return sides;
}

Json WriteNode(const Graph& graph, const Node& node) {
  const TensorInfo& out = graph.tensors[node.out];
  const nn::Operator& op = nn::OperatorOf(node);
  Json json = {{"name", node.name}, {"out", out.name}, {"op", op.name}};
  for (int in : node.in) json["in"].push_back(graph.tensors[in].name);
  JsonAttributes attributes(&json);
  if (op.write_attributes != nullptr) op.write_attributes(node, out, &attributes);
  return json;
}

}  // namespace

Result<GraphSides> SplitGraphs(const std::string& text) {
  FURL_ASSIGN_OR_RETURN(const JsonValue json, ParseText(text));
  return SidesOf(*json.Find("graphs")->object());
}

Result<Architecture> ParseArchitecture(const std::string& text) {
  FURL_ASSIGN_OR_RETURN(const JsonValue json, ParseText(text));
  const Fields fields(json);
  const JsonValue::Object& graphs = *json.Find("graphs")->object();
  if (graphs.size() > kMaxGraphs) return LimitExceeded("too many graphs");
  Architecture architecture;
  if (fields.Has("family")) {
    FURL_ASSIGN_OR_RETURN(architecture.family, fields.Text("family"));
  }
  if (fields.Has("name")) {
    FURL_ASSIGN_OR_RETURN(architecture.name, fields.Text("name"));
  }
  for (const auto& [name, graph] : graphs) {
    auto parsed = GraphParser(name, &architecture).Parse(graph);
    if (!parsed.ok()) return parsed.status().WithContext("graph '" + name + "'");
    architecture.graphs[name] = std::move(parsed).value();
    if (!Fields(graph).Has("side")) continue;
    FURL_ASSIGN_OR_RETURN(const std::string side, Fields(graph).Text("side"));
    if (side != "encoder") return Unsupported("unknown side of graph '" + name + "'");
    architecture.encoder_graphs.insert(name);
  }
  architecture.sides = SidesOf(graphs);
  return architecture;
}

std::string WriteGraphs(const GraphMap& graphs, const std::set<std::string>& encoder_graphs) {
  Json all = Json::object();
  for (const auto& [name, graph] : graphs) {
    Json json = {{"inputs", Json::array()}, {"nodes", Json::array()}, {"outputs", Json::array()}};
    for (int index : graph->inputs) {
      const TensorInfo& info = graph->tensors[index];
      json["inputs"].push_back({{"name", info.name},
                                {"format", info.format == Format::kU7 ? "u7" : "s16"},
                                {"channels", info.channels},
                                {"scale", info.scale}});
    }
    for (const Node& node : graph->nodes) json["nodes"].push_back(WriteNode(*graph, node));
    for (int index : graph->outputs) json["outputs"].push_back(graph->tensors[index].name);
    if (encoder_graphs.contains(name)) json["side"] = "encoder";
    all[name] = std::move(json);
  }
  return Json{{"graphs", all}}.dump();
}

Status LoadWeights(const SafeTensors& file, Architecture* architecture) {
  for (auto& [name, graph] : architecture->graphs) {
    for (Node& node : graph->nodes) {
      const bool qp = architecture->qp_nodes.count(node.name) != 0;
      FURL_RETURN_IF_ERROR(LoadNode(file, *graph, qp, &node));
    }
  }
  return OkStatus();
}

}  // namespace furl::model
