#include "train/export/transform_rounding.h"

namespace furl::train {
namespace {

// The node of that name, which exists.
const ArchNode& NodeOf(const Architecture& arch, const std::string& name) {
  for (const auto& [graph_name, graph] : arch.graphs) {
    for (const ArchNode& node : graph.nodes) {
      if (node.name == name) return node;
    }
  }
  TORCH_CHECK(false, "the recipe has no node ", name);
}

Tensor Weights(const ParamStore& params, const ArchNode& node) {
  return params.Get(node.name + ".weight").detach().cpu().flatten(1).to(torch::kFloat64);
}

// What undoes the rounded synthesis, if the analysis undid the exact one.
Tensor Undoing(const Tensor& synthesis, const Tensor& analysis) {
  constexpr double kNear = 0.1;
  if (synthesis.size(0) != synthesis.size(1)) return analysis;
  const auto product = torch::matmul(synthesis, analysis);
  const auto off = (product - torch::eye(product.size(0), product.options())).abs().max();
  return off.item<double>() < kNear ? torch::linalg_inv(synthesis) : analysis;
}

}  // namespace

void RoundTransforms(const Architecture& arch, const ParamStore& params,
                     const std::vector<std::string>& analysis, const std::string& synthesis,
                     const Tensor& moments, IntegerConvs* convs) {
  std::vector<Tensor> parts;
  for (const std::string& name : analysis) parts.push_back(Weights(params, NodeOf(arch, name)));
  const auto forward = torch::cat(parts, 0);
  const ArchNode& back = NodeOf(arch, synthesis);
  const IntegerConv conv =
      QuantizeConv(back, params.Get(back.name + ".weight"), params.Get(back.name + ".bias"),
                   torch::matmul(torch::matmul(forward, moments), forward.t()));
  const auto undoing = Undoing(RealWeights(back, conv).flatten(1), forward);
  (*convs)[back.name] = conv;
  int64_t first = 0;
  for (const std::string& name : analysis) {
    const ArchNode& node = NodeOf(arch, name);
    const auto weight = undoing.slice(0, first, first + node.channels);
    (*convs)[node.name] = QuantizeConv(node, weight.reshape({node.channels, -1, 1, 1}),
                                       params.Get(node.name + ".bias"), moments);
    first += node.channels;
  }
}

}  // namespace furl::train
