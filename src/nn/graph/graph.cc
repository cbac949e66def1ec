#include "nn/graph/graph.h"

#include "base/checked_math.h"

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
    if (node.op != Op::kConv && node.op != Op::kConv16) continue;
    const TensorInfo& in = graph.tensors[node.in[0]];
    const TensorInfo& out = graph.tensors[node.out];
    const double macs = 1.0 * in.channels * out.channels * node.kernel * node.kernel;
    total += macs * (node.op == Op::kConv16 ? 2 : 1) / (1.0 * out.scale * out.scale);
  }
  return total;
}

}  // namespace furl::nn
