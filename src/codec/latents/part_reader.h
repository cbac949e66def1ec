// Reads one part of a model file ("intra" or "inter"): graphs with the ports that a family wants,
// and the tables of quantizer, symbols and loop filter that families with latents share
// (docs/hyperprior.md, "Model tensors").

#ifndef FURL_CODEC_LATENTS_PART_READER_H_
#define FURL_CODEC_LATENTS_PART_READER_H_

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "codec/latents/reconstruction.h"
#include "entropy/symbol_tables.h"
#include "filter/loop_filter.h"
#include "model/model_file.h"
#include "nn/plan.h"

namespace furl::latents {

// What a graph must take or give.
struct Port {
  const char* name;
  nn::Format format;
  int channels;
  int scale;
};

// Static distributions of symbols, and what symbols stand for.
struct SymbolLaw {
  std::shared_ptr<const SymbolTables> tables;
  std::vector<int8_t> shrink;  // [quantizers][64][2], 1/64 step

  Reconstruction reconstruction() const { return {tables->quantizers(), shrink}; }
};

class PartReader {
 public:
  // Borrows the model. `part` stands before a dot and the names of graphs and tensors.
  PartReader(const model::Model& model, std::string part) : model_(model), part_(std::move(part)) {}

  bool Has(const std::string& name) const { return model_.HasTensor(part_ + "." + name); }

  // The graph of that name, or null.
  std::shared_ptr<const nn::Graph> Graph(const std::string& name) const {
    return model_.graph(part_ + "." + name);
  }

  // Prepares a graph after checking its ports. kInvalidStream where it is missing or has others.
  Result<std::shared_ptr<const nn::Plan>> Plan(const std::string& name,
                                               const std::vector<Port>& inputs,
                                               const std::vector<Port>& outputs) const;

  // kInvalidStream where the tensor is missing or of another type or shape.
  template <typename T>
  Result<std::vector<T>> Table(const char* name, model::DType dtype,
                               const std::vector<int64_t>& shape) const {
    FURL_ASSIGN_OR_RETURN(const model::TensorEntry entry,
                          model_.Tensor(part_ + "." + name, dtype, shape));
    std::vector<T> values(entry.data.size() / sizeof(T));
    std::memcpy(values.data(), entry.data.data(), values.size() * sizeof(T));
    return values;
  }

  // Quantizer steps in 1/16, each within 32..4095, of that shape.
  Result<std::vector<uint16_t>> Steps(const std::vector<int64_t>& shape) const;

  // "frequencies" and "shrink", of one quantizer or of two.
  Result<SymbolLaw> Symbols() const;

  // "filter_*"; null where the model has none. `residual_levels` is 3 in inter parts, else 1.
  Result<std::shared_ptr<const filter::LoopFilter>> LoopFilter(int residual_levels) const;

 private:
  const model::Model& model_;
  const std::string part_;
};

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_PART_READER_H_
