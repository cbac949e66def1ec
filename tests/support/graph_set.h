// The graphs of a test model, from their text to the model's file.

#ifndef FURL_TESTS_SUPPORT_GRAPH_SET_H_
#define FURL_TESTS_SUPPORT_GRAPH_SET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "model/graph_description.h"
#include "model/safetensors.h"
#include "support/transform_tensors.h"

namespace furl::test {

class GraphSet {
 public:
  // `graphs`: what GraphWriter writes, commas between.
  GraphSet(const std::string& family, const std::string& graphs)
      : family_(family),
        architecture_(model::ParseArchitecture(R"({"family": ")" + family + R"(", "name": ")" +
                                               Name() + R"(", "graphs": {)" + graphs + "}}")
                          .value()) {}

  // Calls fill(graph, qp, &node) for all nodes, which sets what a node needs and adds its tensors;
  // `qp`: its bias has a row for each QP.
  template <typename Fill>
  void ForEachNode(const Fill& fill) {
    for (auto& [name, graph] : architecture_.graphs) {
      for (nn::Node& node : graph->nodes) {
        fill(*graph, architecture_.qp_nodes.contains(node.name), &node);
      }
    }
  }

  // The bytes of the model file.
  std::vector<uint8_t> Write(const TensorWriter& tensors) const {
    return model::WriteSafeTensors(
        {{"furl_model", "2"},
         {"family", family_},
         {"name", Name()},
         {"graphs", model::WriteGraphs(architecture_.graphs, architecture_.encoder_graphs)}},
        tensors.tensors());
  }

 private:
  std::string Name() const { return family_ + "-test"; }

  const std::string family_;
  model::Architecture architecture_;
};

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_GRAPH_SET_H_
