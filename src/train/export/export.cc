#include "train/export/export.h"

#include <nlohmann/json.hpp>
#include <string>

#include "model/model_file.h"
#include "nn/graph/bias_knots.h"
#include "nn/ops/lap.h"
#include "train/network/lap.h"

namespace furl::train {
namespace {

// The architecture's graphs with shifts added and training hints removed.
std::string GraphsJson(const ExportContent& content) {
  auto graphs = nlohmann::json::parse(content.arch.json).at("graphs");
  for (auto& [name, graph] : graphs.items()) {
    for (auto& node : graph.at("nodes")) {
      node.erase("init");
      const auto conv = content.convs.find(node.at("name").get<std::string>());
      if (conv != content.convs.end()) node["shift"] = conv->second.shift;
    }
  }
  return nlohmann::json{{"graphs", graphs}}.dump();
}

void AddConv(const ArchNode& node, const IntegerConv& conv, TensorFile& file) {
  const int64_t out = node.channels;
  const int64_t kernel = node.kernel;
  file.tensors[node.name + ".weight"] =
      RawTensor::Of("I8", {out, kernel, kernel, node.in_channels}, conv.weight);
  file.tensors[node.name + ".bias"] = node.qp
                                          ? RawTensor::Of("I32", {nn::kBiasKnots, out}, conv.knots)
                                          : RawTensor::Of("I32", {out}, conv.bias);
  file.tensors[node.name + ".mult"] = RawTensor::Of("I16", {out}, conv.mult);
}

void AddLap(const ArchNode& node, TensorFile& file) {
  const auto add = [&](const char* suffix, int64_t side) {
    const auto whole = LapWeights(static_cast<int>(side), node.lap_strength).contiguous();
    const double* w = whole.data_ptr<double>();
    file.tensors[node.name + suffix] =
        RawTensor::Of("I16", {side, side}, std::vector<int16_t>(w, w + whole.numel()));
  };
  add(".luma", nn::kLapWideSide);
  add(".chroma", nn::kLapNarrowSide);
}

}  // namespace

Status ExportModel(const std::string& path, const ExportContent& content) {
  TensorFile file;
  for (const auto& [name, graph] : content.arch.graphs) {
    for (const ArchNode& node : graph.nodes) {
      if (node.op == nn::Op::kLap) AddLap(node, file);
      if (!node.IsConv()) continue;
      const auto conv = content.convs.find(node.name);
      if (conv == content.convs.end()) return InvalidArgument("no weights for " + node.name);
      AddConv(node, conv->second, file);
    }
  }
  for (const auto& [name, table] : content.tables) file.tensors[name] = table;
  file.metadata = {{"furl_model", std::to_string(model::Model::kFormatVersion)},
                   {"family", content.arch.family},
                   {"name", content.arch.name},
                   {"graphs", GraphsJson(content)},
                   {"card", content.card}};
  return WriteTensorFile(path, file);
}

}  // namespace furl::train
