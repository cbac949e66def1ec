#include "model/model_file.h"

#include <utility>

#include "base/file.h"
#include "model/decoder_part.h"
#include "nn/graph/graph_check.h"

namespace furl::model {
namespace {

// The metadata text of that key, or an empty string.
std::string Metadata(const SafeTensors& file, const char* key) {
  const auto it = file.metadata().find(key);
  return it == file.metadata().end() ? std::string() : it->second;
}

}  // namespace

Result<std::shared_ptr<const Model>> Model::Parse(std::vector<uint8_t> bytes) {
  FURL_ASSIGN_OR_RETURN(SafeTensors file, SafeTensors::Parse(std::move(bytes)));
  const std::string version = Metadata(file, "furl_model");
  if (version.empty()) return InvalidStream("not a furl model: no format version");
  if (version != std::to_string(kFormatVersion)) {
    return Unsupported("model format version " + version.substr(0, 8) + " is not supported");
  }
  FURL_ASSIGN_OR_RETURN(Architecture architecture, ParseArchitecture(Metadata(file, "graphs")));
  FURL_RETURN_IF_ERROR(LoadWeights(file, &architecture));
  for (const auto& [name, graph] : architecture.graphs) {
    FURL_RETURN_IF_ERROR(nn::ValidateGraph(*graph).WithContext("graph '" + name + "'"));
  }
  std::shared_ptr<Model> model(new Model(std::move(file)));
  FURL_ASSIGN_OR_RETURN(const DecoderPart part, FindDecoderPart(model->file_));
  model->id_ = Identify(part);
  model->family_ = Metadata(model->file_, "family");
  model->name_ = Metadata(model->file_, "name");
  model->card_ = Metadata(model->file_, "card");
  model->graphs_ = std::move(architecture.graphs);
  return std::shared_ptr<const Model>(std::move(model));
}

std::shared_ptr<const nn::Graph> Model::graph(const std::string& name) const {
  const auto it = graphs_.find(name);
  return it == graphs_.end() ? nullptr : it->second;
}

std::vector<uint8_t> StripToDecoder(const Model& model) {
  const DecoderPart part = FindDecoderPart(model.file()).value();  // Parse found it, too
  std::map<std::string, std::string> metadata = model.file().metadata();
  metadata["graphs"] = part.graphs;
  return WriteSafeTensors(metadata, part.tensors);
}

Result<ModelPtr> LoadModel(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(std::vector<uint8_t> bytes, ReadFile(path, SafeTensors::kDefaultMaxBytes));
  auto model = Model::Parse(std::move(bytes));
  if (!model.ok()) return model.status().WithContext("model '" + path + "'");
  return model;
}

}  // namespace furl::model
