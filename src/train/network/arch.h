// An architecture: the graph description of docs/model-format.md without
// weights and shifts, as in recipes/*.json, read by model/graph_description and
// told by names, as torch code wants it. Torch modules, integer simulation and
// export are all driven by it, so no layer is written down twice.

#ifndef FURL_TRAIN_NETWORK_ARCH_H_
#define FURL_TRAIN_NETWORK_ARCH_H_

#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "nn/graph/graph.h"

namespace furl::train {

struct ArchInput {
  std::string name;
  nn::Format format = nn::Format::kS16;
  int channels = 0;
  int scale = 16;
};

struct ArchNode {
  nn::Op op = nn::Op::kAdd;
  std::string name;
  std::vector<std::string> in;
  std::string out;
  int channels = 0;     // of the output (filled in for every op)
  int in_channels = 0;  // of the first input
  int kernel = 1;
  nn::ConvForm form = nn::ConvForm::kS16;
  int shift = 0;  // of quant
  int scale = 0;  // of the output
  bool qp = false;
  bool zero_init = false;
  double lap_strength = 0;  // of lap: see network/lap.h

  bool IsConv() const { return op == nn::Op::kConv || op == nn::Op::kConv16; }
};

struct ArchGraph {
  std::string name;
  std::vector<ArchInput> inputs;
  std::vector<ArchNode> nodes;
  std::vector<std::string> outputs;
};

struct Architecture {
  std::string family;
  std::string name;
  std::map<std::string, ArchGraph> graphs;
  std::string json;  // the text it was read from

  const ArchGraph& graph(const std::string& graph_name) const { return graphs.at(graph_name); }
};

Result<Architecture> ParseArchitecture(const std::string& json_text);
Result<Architecture> ReadArchitecture(const std::string& path);

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_ARCH_H_
