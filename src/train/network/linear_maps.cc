#include "train/network/linear_maps.h"

#include <algorithm>
#include <tuple>

namespace furl::train {

Tensor RowsOf(const Tensor& x) {
  return x.permute({0, 2, 3, 1}).reshape({-1, x.size(1)}).cpu().to(torch::kFloat64);
}

Tensor DecorrelatingRotation(const Tensor& covariance) {
  return std::get<1>(torch::linalg_eigh(covariance, "L")).t().flip({0});  // ascending, in columns
}

Tensor RandomRotation(int64_t side) {
  return std::get<0>(torch::linalg_qr(torch::randn({side, side}, torch::kFloat64), "reduced"));
}

Tensor AsKernel(const Tensor& matrix) {
  return matrix.reshape({matrix.size(0), matrix.size(1), 1, 1});
}

Tensor InsideGraph(const ArchGraph& graph, const ParamStore& params, const std::string& name,
                   const TensorMap& inputs, const Tensor& knots, int64_t latent_h,
                   int64_t latent_w) {
  ArchGraph part = graph;
  const auto last = std::find_if(part.nodes.begin(), part.nodes.end(),
                                 [&](const ArchNode& node) { return node.out == name; });
  part.nodes.erase(last + 1, part.nodes.end());
  part.outputs = {name};
  return GraphModule(part, params).Run(inputs, knots, latent_h, latent_w, {}).at(name);
}

}  // namespace furl::train
