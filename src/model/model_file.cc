#include "model/model_file.h"

#include <utility>

#include "base/file.h"
#include "nn/graph/graph_check.h"

namespace furl::model {

Result<std::shared_ptr<const Model>> Model::Parse(std::vector<uint8_t> bytes) {
  FURL_ASSIGN_OR_RETURN(SafeTensors file, SafeTensors::Parse(std::move(bytes)));
  const std::string version = file.MetadataText("furl_model");
  if (version.empty()) return InvalidStream("not a furl model: no format version");
  if (version != std::to_string(kFormatVersion) &&
      version != std::to_string(kOldestFormatVersion)) {
    return Unsupported("model format version " + version.substr(0, 8) + " is not supported");
  }
  FURL_ASSIGN_OR_RETURN(Architecture architecture, ParseArchitecture(file.MetadataText("graphs")));
  FURL_RETURN_IF_ERROR(LoadWeights(file, &architecture));
  for (const auto& [name, graph] : architecture.graphs) {
    FURL_RETURN_IF_ERROR(nn::ValidateGraph(*graph).WithContext("graph '" + name + "'"));
  }
  std::shared_ptr<Model> model(new Model(std::move(file)));
  model->decoder_part_ = FindDecoderPart(model->file_, architecture.sides);
  model->id_ = Identify(model->decoder_part_);
  model->name_ = model->file_.MetadataText("name");
  model->card_ = model->file_.MetadataText("card");
  model->graphs_ = std::move(architecture.graphs);
  return std::shared_ptr<const Model>(std::move(model));
}

std::shared_ptr<const nn::Graph> Model::graph(const std::string& name) const {
  const auto it = graphs_.find(name);
  return it == graphs_.end() ? nullptr : it->second;
}

std::vector<uint8_t> StripToDecoder(const Model& model) {
  std::map<std::string, std::string> metadata = model.file().metadata();
  metadata["graphs"] = model.decoder_part().graphs;
  return WriteSafeTensors(metadata, model.decoder_part().tensors);
}

Result<ModelPtr> LoadModel(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(std::vector<uint8_t> bytes, ReadFile(path, SafeTensors::kDefaultMaxBytes));
  auto model = Model::Parse(std::move(bytes));
  if (!model.ok()) return model.status().WithContext("model '" + path + "'");
  return model;
}

}  // namespace furl::model
