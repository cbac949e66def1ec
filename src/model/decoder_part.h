// The part of a model file that decoders need, and its identity.

#ifndef FURL_MODEL_DECODER_PART_H_
#define FURL_MODEL_DECODER_PART_H_

#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/model_file.h"
#include "model/safetensors.h"

namespace furl::model {

// All but the graphs that carry "side": "encoder" and the tensors of their nodes.
struct DecoderPart {
  std::string family;
  std::string graphs;                          // JSON text, keys sorted, without spaces
  std::map<std::string, TensorEntry> tensors;  // borrowed from the file
};

// kInvalidStream where the "graphs" metadata is no JSON object with graphs.
Result<DecoderPart> FindDecoderPart(const SafeTensors& file);

// SHA-256, cut to its first bytes, over family, graphs and every tensor in order of the names:
// docs/model-format.md, "Identity".
ModelId Identify(const DecoderPart& part);

// The identity of the model that a file holds, if it holds one: of its networks and tables only
// what the identity needs is checked. kInvalidStream for anything else.
Result<ModelId> IdentifyFile(std::vector<uint8_t> bytes);

}  // namespace furl::model

#endif  // FURL_MODEL_DECODER_PART_H_
