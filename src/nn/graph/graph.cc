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

namespace {

// Sum over the nodes of what each costs per position of its output, per luma sample.
double PerPixel(const Graph& graph, double (*per_position)(const Graph&, const Node&)) {
  double total = 0;
  for (const Node& node : graph.nodes) {
    const double scale = graph.tensors[node.out].scale;
    total += per_position(graph, node) / (scale * scale);
  }
  return total;
}

}  // namespace

double MacsPerPixel(const Graph& graph) { return PerPixel(graph, MacsPerPosition); }

double WorkPerPixel(const Graph& graph) { return PerPixel(graph, WorkPerPosition); }

}  // namespace furl::nn
