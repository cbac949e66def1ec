#include "model/graph_description.h"

#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "nn/graph/graph_check.h"
#include "nn/tensor.h"

namespace furl::model {
namespace {

using Json = nlohmann::json;
using nn::ConvForm;
using nn::Format;
using nn::Graph;
using nn::Node;
using nn::Op;
using nn::TensorInfo;

constexpr size_t kMaxGraphs = 64;

struct OpName {
  Op op;
  const char* name;
};
constexpr OpName kOps[] = {
    {Op::kConv, "conv"},
    {Op::kConv16, "conv16"},
    {Op::kQuant, "quant"},
    {Op::kAdd, "add"},
    {Op::kConcat, "concat"},
    {Op::kSpaceToDepth, "space_to_depth"},
    {Op::kDepthToSpace, "depth_to_space"},
    {Op::kCrop, "crop"},
    {Op::kLap, "lap"},
};

struct FormName {
  ConvForm form;
  const char* name;
};
constexpr FormName kForms[] = {
    {ConvForm::kRelu, "relu"}, {ConvForm::kS16, "s16"}, {ConvForm::kAdd, "add"}};

bool IsConv(Op op) { return op == Op::kConv || op == Op::kConv16; }

// Field access that reports what is wrong instead of throwing.
class Fields {
 public:
  explicit Fields(const Json& json) : json_(json) {}

  Result<std::string> Text(const char* key) const {
    if (!json_.is_object() || !json_.contains(key) || !json_[key].is_string()) return Missing(key);
    return json_[key].get<std::string>();
  }
  Result<int> Int(const char* key, int lo, int hi) const {
    if (!json_.is_object() || !json_.contains(key) || !json_[key].is_number_integer()) {
      return Missing(key);
    }
    const int64_t v = json_[key].get<int64_t>();
    if (v < lo || v > hi)
      return InvalidStream(std::string("graph field '") + key + "' out of range");
    return static_cast<int>(v);
  }
  Result<double> Number(const char* key) const {
    if (!Has(key) || !json_[key].is_number()) return Missing(key);
    return json_[key].get<double>();
  }
  bool Flag(const char* key) const {
    return json_.is_object() && json_.contains(key) && json_[key].is_boolean() &&
           json_[key].get<bool>();
  }
  bool Has(const char* key) const { return json_.is_object() && json_.contains(key); }
  Result<const Json*> Array(const char* key) const {
    if (!json_.is_object() || !json_.contains(key) || !json_[key].is_array()) return Missing(key);
    return &json_[key];
  }

 private:
  static Status Missing(const char* key) {
    return InvalidStream(std::string("graph field '") + key + "' missing or of the wrong type");
  }
  const Json& json_;
};

class GraphParser {
 public:
  GraphParser(std::string name, Architecture* architecture)
      : graph_(std::make_shared<Graph>()), architecture_(architecture) {
    graph_->name = std::move(name);
  }

  Result<std::shared_ptr<Graph>> Parse(const Json& json) {
    const Fields fields(json);
    FURL_ASSIGN_OR_RETURN(const Json* inputs, fields.Array("inputs"));
    FURL_ASSIGN_OR_RETURN(const Json* nodes, fields.Array("nodes"));
    FURL_ASSIGN_OR_RETURN(const Json* outputs, fields.Array("outputs"));
    if (inputs->size() > 16 || outputs->size() > 16 || nodes->size() > nn::kMaxNodes) {
      return LimitExceeded("graph '" + graph_->name + "' is too large");
    }
    for (const Json& input : *inputs) FURL_RETURN_IF_ERROR(ParseInput(input));
    for (const Json& node : *nodes) FURL_RETURN_IF_ERROR(ParseNode(node));
    for (const Json& output : *outputs) {
      if (!output.is_string()) return InvalidStream("graph output is not a name");
      FURL_ASSIGN_OR_RETURN(const int index, Tensor(output.get<std::string>()));
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

  Status ParseInput(const Json& json) {
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

  Status ParseNode(const Json& json) {
    const Fields fields(json);
    Node node;
    FURL_ASSIGN_OR_RETURN(node.name, fields.Text("name"));
    // Two nodes of one name would load the same tensors again and again.
    if (!architecture_->node_names.insert(node.name).second) {
      return InvalidStream("node '" + node.name + "' is defined twice");
    }
    FURL_ASSIGN_OR_RETURN(const std::string op_name, fields.Text("op"));
    FURL_RETURN_IF_ERROR(ParseOp(op_name, &node.op));
    FURL_RETURN_IF_ERROR(ParseNodeInputs(json, &node));
    auto out = ParseOutput(fields, &node);
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

  static Status ParseOp(const std::string& name, Op* op) {
    for (const OpName& known : kOps) {
      if (name == known.name) {
        *op = known.op;
        return OkStatus();
      }
    }
    return Unsupported("unknown graph operator '" + name + "'");
  }

  // "in" is a name or a list of names.
  Status ParseNodeInputs(const Json& json, Node* node) const {
    if (!json.contains("in")) return InvalidStream("graph node without inputs");
    const Json list = json["in"].is_array() ? json["in"] : Json::array({json["in"]});
    if (list.empty() || list.size() > 8) return InvalidStream("graph node with a bad input count");
    for (const Json& name : list) {
      if (!name.is_string()) return InvalidStream("graph node input is not a name");
      FURL_ASSIGN_OR_RETURN(const int index, Tensor(name.get<std::string>()));
      node->in.push_back(index);
    }
    return OkStatus();
  }

  // Reads the attributes of the operator and infers the tensor they make.
  Result<TensorInfo> ParseOutput(const Fields& fields, Node* node) const {
    int conv_channels = 0;
    if (IsConv(node->op)) {
      FURL_ASSIGN_OR_RETURN(conv_channels, fields.Int("channels", 1, nn::kMaxChannels));
      FURL_RETURN_IF_ERROR(ParseConv(fields, node));
    } else if (node->op == Op::kQuant && fields.Has("shift")) {
      FURL_ASSIGN_OR_RETURN(node->shift, fields.Int("shift", 0, nn::kMaxQuantShift));
    }
    FURL_ASSIGN_OR_RETURN(TensorInfo out, nn::InferOutput(*graph_, *node, conv_channels));
    if (node->op == Op::kCrop) {
      FURL_ASSIGN_OR_RETURN(const int scale, fields.Int("scale", 4, 64));
      if (scale != out.scale) return InvalidStream("crop must keep the scale");
    }
    FURL_ASSIGN_OR_RETURN(out.name, fields.Text("out"));
    return out;
  }

  static Status ParseConv(const Fields& fields, Node* node) {
    FURL_ASSIGN_OR_RETURN(node->kernel, fields.Int("kernel", 1, 3));
    if (fields.Has("shift")) {
      FURL_ASSIGN_OR_RETURN(node->shift, fields.Int("shift", 0, nn::kMaxConvShift));
    }
    FURL_ASSIGN_OR_RETURN(const std::string form, fields.Text("form"));
    for (const FormName& known : kForms) {
      if (form == known.name) {
        node->form = known.form;
        return OkStatus();
      }
    }
    return Unsupported("unknown convolution form");
  }

  std::shared_ptr<Graph> graph_;
  Architecture* architecture_;
  std::map<std::string, int> index_;
};

// Copies little-endian elements of a tensor into a vector.
template <typename T>
std::vector<T> Elements(const TensorEntry& entry) {
  std::vector<T> values(entry.data.size() / sizeof(T));
  std::memcpy(values.data(), entry.data.data(), values.size() * sizeof(T));
  return values;
}

Status LoadLap(const SafeTensors& file, Node* node) {
  constexpr int64_t kLuma = nn::kLapLumaSide;
  constexpr int64_t kChroma = nn::kLapChromaSide;
  FURL_ASSIGN_OR_RETURN(const TensorEntry luma,
                        file.Find(node->name + ".luma", DType::kI16, {kLuma, kLuma}));
  FURL_ASSIGN_OR_RETURN(const TensorEntry chroma,
                        file.Find(node->name + ".chroma", DType::kI16, {kChroma, kChroma}));
  node->weights.lap = Elements<int16_t>(luma);
  const std::vector<int16_t> rest = Elements<int16_t>(chroma);
  node->weights.lap.insert(node->weights.lap.end(), rest.begin(), rest.end());
  return OkStatus();
}

Status LoadNode(const SafeTensors& file, const Graph& graph, bool qp, Node* node) {
  const int64_t out = graph.tensors[node->out].channels;
  if (node->op == Op::kQuant) {
    if (file.tensors().count(node->name + ".offset") == 0) return OkStatus();
    FURL_ASSIGN_OR_RETURN(const TensorEntry offset,
                          file.Find(node->name + ".offset", DType::kI16, {out}));
    const std::vector<int16_t> values = Elements<int16_t>(offset);
    node->weights.bias.assign(values.begin(), values.end());
    return OkStatus();
  }
  if (node->op == Op::kLap) return LoadLap(file, node);
  if (!IsConv(node->op)) return OkStatus();
  const int64_t in = graph.tensors[node->in[0]].channels;
  FURL_ASSIGN_OR_RETURN(const TensorEntry weight, file.Find(node->name + ".weight", DType::kI8,
                                                            {out, node->kernel, node->kernel, in}));
  node->weights.bias_rows = qp ? nn::kQpRows : 1;
  const std::vector<int64_t> bias_shape =
      qp ? std::vector<int64_t>{nn::kQpRows, out} : std::vector{out};
  FURL_ASSIGN_OR_RETURN(const TensorEntry bias,
                        file.Find(node->name + ".bias", DType::kI32, bias_shape));
  FURL_ASSIGN_OR_RETURN(const TensorEntry mult,
                        file.Find(node->name + ".mult", DType::kI16, {out}));
  node->weights.weight = Elements<int8_t>(weight);
  node->weights.bias = Elements<int32_t>(bias);
  node->weights.mult = Elements<int16_t>(mult);
  return OkStatus();
}

Json WriteNode(const Graph& graph, const Node& node) {
  Json json = {{"name", node.name}, {"out", graph.tensors[node.out].name}};
  for (const OpName& known : kOps) {
    if (known.op == node.op) json["op"] = known.name;
  }
  for (int in : node.in) json["in"].push_back(graph.tensors[in].name);
  if (IsConv(node.op)) {
    json["channels"] = graph.tensors[node.out].channels;
    json["kernel"] = node.kernel;
    json["shift"] = node.shift;
    json["qp"] = node.weights.bias_rows == nn::kQpRows;
    for (const FormName& known : kForms) {
      if (known.form == node.form) json["form"] = known.name;
    }
  } else if (node.op == Op::kQuant) {
    json["shift"] = node.shift;
  } else if (node.op == Op::kCrop) {
    json["scale"] = graph.tensors[node.out].scale;
  }
  return json;
}

}  // namespace

Result<Architecture> ParseArchitecture(const std::string& text) {
  const auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= 8; };
  const Json json = Json::parse(text, shallow, /*allow_exceptions=*/false);
  const Fields fields(json);
  if (!json.is_object() || !json.contains("graphs") || !json["graphs"].is_object()) {
    return InvalidStream("graph description is not a JSON object with graphs");
  }
  const Json& graphs = json["graphs"];
  if (graphs.size() > kMaxGraphs) return LimitExceeded("too many graphs");
  Architecture architecture;
  if (fields.Has("family")) {
    FURL_ASSIGN_OR_RETURN(architecture.family, fields.Text("family"));
  }
  if (fields.Has("name")) {
    FURL_ASSIGN_OR_RETURN(architecture.name, fields.Text("name"));
  }
  for (const auto& [name, graph] : graphs.items()) {
    auto parsed = GraphParser(name, &architecture).Parse(graph);
    if (!parsed.ok()) return parsed.status().WithContext("graph '" + name + "'");
    architecture.graphs[name] = std::move(parsed).value();
  }
  return architecture;
}

std::string WriteGraphs(const GraphMap& graphs) {
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
