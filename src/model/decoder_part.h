// The part of a model file that decoders need, and its identity.

#ifndef FURL_MODEL_DECODER_PART_H_
#define FURL_MODEL_DECODER_PART_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/graph_description.h"
#include "model/safetensors.h"

namespace furl::model {

// How streams name their model: the first 16 bytes of SHA-256 over its decoder's part, so that a
// model stripped for players is the same model (docs/model-format.md, "Identity").
using ModelId = std::array<uint8_t, 16>;

// All but the graphs that carry "side": "encoder" and the tensors of their nodes.
struct DecoderPart {
  std::string family;
  std::string graphs;                          // JSON text, keys sorted, without spaces
  std::map<std::string, TensorEntry> tensors;  // borrowed from the file
};

// `sides` are those of the file's "graphs".
DecoderPart FindDecoderPart(const SafeTensors& file, const GraphSides& sides);

ModelId Identify(const DecoderPart& part);

// The identity of the model that a file holds, if it holds one: of its networks and tables only
// what the identity needs is checked. kInvalidStream for anything else.
Result<ModelId> IdentifyFile(std::vector<uint8_t> bytes);

}  // namespace furl::model

#endif  // FURL_MODEL_DECODER_PART_H_
