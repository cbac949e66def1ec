// Runs one ArchGraph in floating point with gradients: the real-valued view of
// docs/numerics.md, in which 1.0 is what units.h says.

#ifndef FURL_TRAIN_NETWORK_GRAPH_MODULE_H_
#define FURL_TRAIN_NETWORK_GRAPH_MODULE_H_

#include <string>
#include "train/base/torch_compat.h"
#include "train/base/units.h"

#include "train/network/arch.h"
#include "train/network/graph_walk.h"
#include "train/network/params.h"

namespace furl::train {

struct RunOptions {
  bool bf16 = false;        // convolutions (not conv16) and u7 tensors in bfloat16
  bool fake_quant = false;  // int8 weights, activations rounded to 1/32
};

class GraphModule {
 public:
  GraphModule(const ArchGraph& graph, const ParamStore& params) : graph_(graph), params_(params) {}

  // inputs: NCHW by name, in real units. knots: [N, kQpKnots] of KnotWeights.
  // latent_h, latent_w: grid at scale 16, for crops. s16 tensors are fp32.
  TensorMap Run(const TensorMap& inputs, const Tensor& knots, int64_t latent_h, int64_t latent_w,
                const RunOptions& options) const;

 private:
  Tensor Conv(const ArchNode& node, const TensorMap& tensors, const Tensor& knots,
              const RunOptions& options) const;

  bool IsOutput(const std::string& tensor) const;

  const ArchGraph& graph_;
  const ParamStore& params_;
};

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_GRAPH_MODULE_H_
