// What the rules of several operators, and the checks of whole graphs, share.

#ifndef FURL_NN_OPS_RULES_H_
#define FURL_NN_OPS_RULES_H_

#include "base/status.h"
#include "nn/graph/graph.h"
#include "nn/ops/model_io.h"

namespace furl::nn {

// kInvalidStream with the node's name and `what` is wrong with it.
Status BadNode(const Node& node, const char* what);

// Whether both have equal height and width for every latent grid.
bool SameSize(const TensorInfo& a, const TensorInfo& b);

bool ScaleIsKnown(int scale);
bool ChannelsAreValid(int channels);

// Gives `out`, which has the sides of the node's input, another scale and the sides that follow.
Status Rescale(const Node& node, int scale, TensorInfo* out);

// Reads the attribute "shift" (0 to `most`), which architectures lack.
Status ReadShift(const AttributeReader& from, int most, Node* node);

// Fails where the node has numbers that only convolutions have.
Status CheckNoWeights(const Node& node);
// Fails where it has a bias as well.
Status CheckNoNumbers(const Node& node);

}  // namespace furl::nn

#endif  // FURL_NN_OPS_RULES_H_
