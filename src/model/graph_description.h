// The JSON form of network graphs (docs/model-format.md), both ways.

#ifndef FURL_MODEL_GRAPH_DESCRIPTION_H_
#define FURL_MODEL_GRAPH_DESCRIPTION_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/safetensors.h"
#include "nn/graph/graph.h"

namespace furl::model {

// Objects and arrays within each other, in the JSON text; what furl writes has 6.
inline constexpr int kMaxArchitectureDepth = 8;

using GraphMap = std::map<std::string, std::shared_ptr<nn::Graph>>;

// Graphs come in two sides: those that carry "side": "encoder", and all others, the decoder's.
struct GraphSides {
  std::string decoder_text;                // JSON of the decoder's, keys sorted, without spaces
  std::vector<std::string> encoder_nodes;  // the names of the nodes of the encoder's
};

// Takes the text of a model's "graphs" metadata apart, whatever its graphs are: kInvalidStream
// only where it is no JSON object with graphs.
Result<GraphSides> SplitGraphs(const std::string& text);

// An architecture: graphs without numbers (shifts 0, empty weights).
struct Architecture {
  std::string family;
  std::string name;
  GraphMap graphs;
  std::set<std::string> node_names;  // of all graphs, each unique
  // Names of nodes that carry "qp": true, and of those with "init": "zero".
  std::set<std::string> qp_nodes;
  std::set<std::string> zero_nodes;
  std::set<std::string> encoder_graphs;        // names of those with "side": "encoder"
  GraphSides sides;                            // of the text that was parsed
  std::map<std::string, double> lap_strength;  // "strength" of lap nodes, where given
};

// Parses the text of a recipes/*.json file or of a model's "graphs" metadata
// (which lacks family and name). Structure and shapes are checked (names,
// operators, nn::InferOutput); numbers are not.
Result<Architecture> ParseArchitecture(const std::string& text);

// The "graphs" JSON text for a model file: the architecture with its shifts.
// `encoder_graphs` names those that only encoders need.
std::string WriteGraphs(const GraphMap& graphs, const std::set<std::string>& encoder_graphs = {});

// Fills in the numbers of every node from the tensors "<node>.weight", ...
// What runs them checks them (nn::ValidateGraph).
Status LoadWeights(const SafeTensors& file, Architecture* architecture);

}  // namespace furl::model

#endif  // FURL_MODEL_GRAPH_DESCRIPTION_H_
