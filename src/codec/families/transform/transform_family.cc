#include "codec/families/transform/transform_family.h"

#include <algorithm>
#include <string>
#include <utility>

#include "codec/hyperprior/hyperprior_family.h"

namespace furl::transform {
namespace {

// Linear but for rounding and saturation.
bool IsLinear(const nn::Graph& graph) {
  return std::none_of(graph.nodes.begin(), graph.nodes.end(), [](const nn::Node& node) {
    return node.op == nn::Op::kConv || node.op == nn::Op::kQuant;
  });
}

}  // namespace

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  for (const char* name : {"intra.synthesis", "inter.synthesis"}) {
    const std::shared_ptr<const nn::Graph> graph = model->graph(name);
    if (graph != nullptr && !IsLinear(*graph)) {
      return InvalidStream("graph '" + std::string(name) + "' is not a linear transform");
    }
  }
  return hyperprior::CreateFamily(std::move(model));
}

}  // namespace furl::transform
