#include "nn/graph/graph.h"

#include "base/checked_math.h"
#include "nn/ops/operator.h"

namespace furl::nn {

int SideAtScale(int latent_side, int scale, int rounded_scale) {
  if (scale < 16) {
    const int rounded =
        rounded_scale <= 16 ? latent_side : SideAtScale(latent_side, 16, rounded_scale);
    return rounded * (16 / scale);
  }
  const int coarse = rounded_scale > scale ? rounded_scale : scale;
  return CeilDiv(latent_side, coarse / 16) * (coarse / scale);
}

double MacsPerPixel(const Graph& graph) {
  double total = 0;
  for (const Node& node : graph.nodes) {
    const double scale = graph.tensors[node.out].scale;
    total += MacsPerPosition(graph, node) / (scale * scale);
  }
  return total;
}

}  // namespace furl::nn
