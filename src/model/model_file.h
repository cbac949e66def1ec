// Model: a family's networks and tables, loaded once, immutable and shared.

#ifndef FURL_MODEL_MODEL_FILE_H_
#define FURL_MODEL_MODEL_FILE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/decoder_part.h"
#include "model/graph_description.h"
#include "model/safetensors.h"
#include "nn/graph/graph.h"

namespace furl::model {

class Model {
 public:
  static constexpr int kFormatVersion = 3;
  static constexpr int kOldestFormatVersion = 2;  // that is still read

  // Checks everything the codec will rely on: directory, graph structure and
  // that no accumulator can overflow. kUnsupported for another format.
  static Result<std::shared_ptr<const Model>> Parse(std::vector<uint8_t> bytes);

  const ModelId& id() const { return id_; }
  const std::string& family() const { return decoder_part_.family; }
  const std::string& name() const { return name_; }
  const std::string& card() const { return card_; }  // JSON text, may be empty
  size_t bytes() const { return file_.bytes().size(); }

  // The graph of that name, or null.
  std::shared_ptr<const nn::Graph> graph(const std::string& name) const;
  const GraphMap& graphs() const { return graphs_; }

  // A tensor beside the graphs, with exactly this type and shape.
  Result<TensorEntry> Tensor(const std::string& name, DType dtype,
                             const std::vector<int64_t>& shape) const {
    return file_.Find(name, dtype, shape);
  }
  const SafeTensors& file() const { return file_; }
  // What of the file decoders need.
  const DecoderPart& decoder_part() const { return decoder_part_; }
  bool HasTensor(const std::string& name) const { return file_.tensors().contains(name); }

 private:
  explicit Model(SafeTensors file) : file_(std::move(file)) {}

  SafeTensors file_;
  DecoderPart decoder_part_;
  ModelId id_{};
  std::string name_;
  std::string card_;
  GraphMap graphs_;
};

using ModelPtr = std::shared_ptr<const Model>;

// The file of the same model without what only encoders need.
std::vector<uint8_t> StripToDecoder(const Model& model);

// Reads a model file. kIo names the path and the cause.
Result<ModelPtr> LoadModel(const std::string& path);

}  // namespace furl::model

#endif  // FURL_MODEL_MODEL_FILE_H_
