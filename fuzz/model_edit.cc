#include "fuzz/model_edit.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace furl {
namespace {

using model::DType;
using nlohmann::json;

constexpr std::array<DType, 7> kTypes = {DType::kI8,  DType::kU8,  DType::kI16, DType::kU16,
                                         DType::kI32, DType::kF16, DType::kF32};

// Words that graphs have somewhere, and some that they have nowhere.
constexpr std::array<const char*, 24> kWords = {
    "conv",           "conv16",   "quant", "add",      "concat", "space_to_depth",
    "depth_to_space", "crop",     "lap",   "relu",     "s16",    "u7",
    "name",           "in",       "out",   "channels", "op",     "kernel",
    "shift",          "trunk_in", "side",  "encoder",  "\xff",   ""};

void CollectPlaces(const json& value, const json::json_pointer& at,
                   std::vector<json::json_pointer>* places) {
  places->push_back(at);
  if (value.is_object()) {
    for (const auto& [key, item] : value.items()) CollectPlaces(item, at / key, places);
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) CollectPlaces(value[i], at / i, places);
  }
}

// A number near to those that graphs have, or far from them.
json AnyNumber(FuzzInput* input) {
  const uint8_t kind = input->Byte();
  if (kind < 160) return kind;
  if (kind < 200) return static_cast<int16_t>(input->Number(2));
  if (kind < 230) return int64_t{1} << kind % 63;
  if (kind < 240) return -(int64_t{1} << kind % 63);
  return kind < 250 ? json(0.5) : json(1e308);
}

const std::string& NthName(const std::vector<std::string>& names, uint32_t n) {
  return names[n % names.size()];
}

}  // namespace

struct ModelEditor::Draft {
  std::map<std::string, std::string> metadata;
  std::map<std::string, model::TensorEntry> tensors;  // into ModelEditor or `changed`
  std::map<std::string, std::vector<uint8_t>> changed;
  json graphs;  // null: as they were
};

ModelEditor::ModelEditor(const model::Model& good) : metadata_(good.file().metadata()) {
  for (const auto& [name, tensor] : good.file().tensors()) {
    tensors_[name] = {tensor.dtype, tensor.shape, {tensor.data.begin(), tensor.data.end()}};
    tensor_names_.push_back(name);
  }
  graphs_ = json::parse(metadata_["graphs"]);
  CollectPlaces(graphs_, json::json_pointer(), &places_);
}

void ModelEditor::EditTensor(FuzzInput* input, Draft* draft) const {
  const uint8_t what = input->Byte();
  const std::string& name = NthName(tensor_names_, input->Number(2));
  const auto found = draft->tensors.find(name);
  if (found == draft->tensors.end()) return;
  model::TensorEntry& entry = found->second;
  std::vector<uint8_t>& data = draft->changed[name];
  data.assign(entry.data.begin(), entry.data.end());
  switch (what % 7) {
    case 0: data[input->Number(3) % data.size()] = input->Byte(); break;
    case 1: {  // every element the same
      const std::array<uint8_t, 2> value = {input->Byte(), input->Byte()};
      for (size_t i = 0; i < data.size(); ++i) data[i] = value[i % 2];
      break;
    }
    case 2:
      entry.dtype = kTypes[input->Byte() % kTypes.size()];
      data.resize(static_cast<size_t>(entry.elements()) * model::DTypeSize(entry.dtype));
      break;
    case 3:
      entry.shape[input->Byte() % entry.shape.size()] = 1 + input->Number(1);
      data.resize(static_cast<size_t>(entry.elements()) * model::DTypeSize(entry.dtype));
      break;
    case 4: entry.shape.insert(entry.shape.begin(), 1); break;
    case 5: data.resize(data.size() - std::min<size_t>(data.size(), input->Number(1))); break;
    default:
      draft->tensors.erase(found);
      draft->changed.erase(name);
      return;
  }
  entry.data = data;
}

void ModelEditor::EditGraphs(FuzzInput* input, Draft* draft) const {
  if (draft->graphs.is_null()) draft->graphs = graphs_;
  const uint8_t what = input->Byte();
  const auto& place = places_[input->Number(2) % places_.size()];
  // Earlier changes may have taken what is at the place.
  if (place.empty() || !draft->graphs.contains(place)) return;
  const auto& other = places_[input->Number(2) % places_.size()];
  switch (what % 6) {
    case 0: draft->graphs[place] = AnyNumber(input); break;
    case 1: draft->graphs[place] = kWords[input->Byte() % kWords.size()]; break;
    case 2: draft->graphs[place] = graphs_[other]; break;
    case 3: draft->graphs[place] = input->Byte() % 2 ? json() : json(input->Byte() % 2 == 0); break;
    case 4: draft->graphs[place] = input->Byte() % 2 ? json::array() : json::object(); break;
    default: {
      json& parent = draft->graphs[place.parent_pointer()];
      if (parent.is_object()) {
        parent.erase(place.back());
      } else if (parent.is_array()) {
        parent.erase(static_cast<size_t>(std::stoul(place.back())));
      }
    }
  }
}

// Nodes that cost work or memory behind the first input of a graph.
void ModelEditor::AddNodes(FuzzInput* input, Draft* draft) const {
  if (draft->graphs.is_null()) draft->graphs = graphs_;
  const uint32_t which = input->Byte();
  const char* op = kWords[input->Byte() % 9];
  const int count = 1 + input->Byte();
  const bool chained = input->Byte() % 2 != 0;
  json& graphs = draft->graphs["graphs"];
  if (!graphs.is_object() || graphs.empty()) return;
  auto graph = graphs.begin();
  std::advance(graph, which % graphs.size());
  const json::json_pointer first("/inputs/0/name");
  if (!graph->is_object() || !graph->contains(first) || !graph->contains("nodes")) return;
  json& nodes = (*graph)["nodes"];
  if (!nodes.is_array()) return;
  json from = (*graph)[first];
  for (int i = 0; i < count; ++i) {
    const std::string out = "more" + std::to_string(which) + "_" + std::to_string(nodes.size());
    nodes.push_back({{"op", op}, {"name", out}, {"in", {from, from}}, {"out", out}, {"scale", 16}});
    if (std::string_view(op) != "add" && std::string_view(op) != "concat") {
      nodes.back()["in"] = json::array({from});
    }
    if (chained) from = out;
  }
  if ((*graph)["outputs"].is_array() && input->Byte() % 2) (*graph)["outputs"].push_back(from);
}

std::vector<uint8_t> ModelEditor::Edit(FuzzInput* input) const {
  Draft draft;
  draft.metadata = metadata_;
  for (const auto& [name, tensor] : tensors_) {
    draft.tensors[name] = {tensor.dtype, tensor.shape, tensor.data};
  }
  std::vector<std::pair<uint32_t, uint8_t>> file_changes;
  for (int i = 0; i < kMaxEdits && !input->empty(); ++i) {
    const uint8_t what = input->Byte();
    if (what % 16 < 7) {
      EditTensor(input, &draft);
    } else if (what % 16 < 12) {
      EditGraphs(input, &draft);
    } else if (what % 16 < 13) {
      AddNodes(input, &draft);
    } else if (what % 16 < 14) {
      constexpr std::array<const char*, 4> kKeys = {"family", "furl_model", "graphs", "name"};
      constexpr std::array<const char*, 5> kValues = {"vae", "1", "{}", "", "transform"};
      draft.metadata[kKeys[input->Byte() % 4]] = kValues[input->Byte() % 5];
    } else {
      file_changes.emplace_back(input->Number(3), input->Byte());
    }
  }
  if (!draft.graphs.is_null()) {
    draft.metadata["graphs"] = draft.graphs.dump(-1, ' ', false, json::error_handler_t::replace);
  }
  std::vector<uint8_t> file = model::WriteSafeTensors(draft.metadata, draft.tensors);
  for (const auto& [at, value] : file_changes) file[at % file.size()] = value;
  return file;
}

}  // namespace furl
