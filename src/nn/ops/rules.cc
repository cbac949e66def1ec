#include "nn/ops/rules.h"

#include "nn/graph/graph_check.h"
#include "nn/tensor.h"

namespace furl::nn {

Status BadNode(const Node& node, const char* what) {
  return InvalidStream(node.name + ": " + what);
}

bool SameSize(const TensorInfo& a, const TensorInfo& b) {
  return a.scale == b.scale && CanonicalRoundedScale(a.scale, a.rounded_scale) ==
                                   CanonicalRoundedScale(b.scale, b.rounded_scale);
}

bool ScaleIsKnown(int scale) {
  return scale == 4 || scale == 8 || scale == 16 || scale == 32 || scale == 64;
}

bool ChannelsAreValid(int channels) {
  return channels > 0 && channels <= kMaxChannels && channels % kChannelMultiple == 0;
}

Status Rescale(const Node& node, int scale, TensorInfo* out) {
  if (!ScaleIsKnown(scale)) return BadNode(node, "scale");
  out->scale = scale;
  out->rounded_scale = CanonicalRoundedScale(scale, out->rounded_scale);
  return OkStatus();
}

Status ReadShift(const AttributeReader& from, int most, Node* node) {
  if (!from.Has("shift")) return OkStatus();
  FURL_ASSIGN_OR_RETURN(node->shift, from.Int("shift", 0, most));
  return OkStatus();
}

Status CheckNoWeights(const Node& node) {
  const bool none = node.weights.weight.empty() && node.weights.mult.empty();
  return none ? OkStatus() : BadNode(node, "weights of an operator without");
}

Status CheckNoNumbers(const Node& node) {
  FURL_RETURN_IF_ERROR(CheckNoWeights(node));
  return node.weights.bias.empty() ? OkStatus() : BadNode(node, "unexpected bias");
}

}  // namespace furl::nn
