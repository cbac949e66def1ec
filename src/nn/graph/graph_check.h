// Checks of a graph before it is run. A graph comes from a model file, so
// nothing in it is believed: shapes, indices, ranges and vector lengths are
// checked here, and the proof of docs/numerics.md section 3 that no accumulator
// can overflow is made here. Plan::Create calls ValidateGraph.

#ifndef FURL_NN_GRAPH_GRAPH_CHECK_H_
#define FURL_NN_GRAPH_GRAPH_CHECK_H_

#include "base/status.h"
#include "nn/graph/graph.h"

namespace furl::nn {

inline constexpr int kMaxConvShift = 24;
inline constexpr int kMaxQuantShift = 15;
inline constexpr size_t kMaxNodes = 1024;               // per graph
inline constexpr size_t kMaxWeights = size_t{1} << 26;  // per graph, int8

// OK for an input whose format, channels and scale the runtime knows; its
// rounded_scale must not overhang.
Status CheckInput(const TensorInfo& info);

// Format, channels, scale and rounded_scale that the output of `node` must
// have, from its inputs (node.in indexes graph.tensors) and, for convolutions,
// `conv_channels`; the node's weights are not looked at. For a loader that
// fills `tensors` node by node. The name is left empty. Fails with
// kInvalidStream, naming the node, where the inputs don't fit the operator.
Result<TensorInfo> InferOutput(const Graph& graph, const Node& node, int conv_channels);

// rounded_scale in its one canonical form: two tensors have equal sizes for
// every latent grid exactly when scale and this are equal.
int CanonicalRoundedScale(int scale, int rounded_scale);

// OK if the graph can be run for every grid size, QP and input without reading
// outside a vector and without overflow, and every node has a part in some output;
// otherwise kInvalidStream or kLimitExceeded, naming the node.
Status ValidateGraph(const Graph& graph);

// The proof for one convolution whose vector lengths are right already: every
// int32 accumulator stays inside int32 for every input and bias row.
Status ProveNoOverflow(const Node& node, int in_channels, int out_channels);

}  // namespace furl::nn

#endif  // FURL_NN_GRAPH_GRAPH_CHECK_H_
