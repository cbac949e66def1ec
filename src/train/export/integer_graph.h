// Integer form of trained convolutions, and an obvious simulation of integer
// graphs in torch doubles (exact), which the runtime must equal bit for bit.

#ifndef FURL_TRAIN_EXPORT_INTEGER_GRAPH_H_
#define FURL_TRAIN_EXPORT_INTEGER_GRAPH_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "train/network/arch.h"
#include "train/network/graph_walk.h"
#include "train/network/params.h"

namespace furl::train {

// Fields as in docs/numerics.md section 2.
struct IntegerConv {
  int shift = 0;
  std::vector<int8_t> weight;  // [out][ky][kx][in]
  std::vector<int32_t> bias;   // [bias_rows][out]
  int bias_rows = 1;
  std::vector<int32_t> knots;  // that the rows lie between, [kBiasKnots][out]; empty of one row
  std::vector<int16_t> mult;   // [out]
};
using IntegerConvs = std::map<std::string, IntegerConv>;  // by node name

// Second moments [in, in] of the inputs of 1x1 convolutions, by node name.
using InputMoments = std::map<std::string, Tensor>;

// Rounds one convolution's trained weight [out,in,k,k] and bias ([out], or
// [kQpKnots,out]) to integers. With `moments` [in, in] the
// weights are rounded so that the output's squared error is small, not theirs:
// what an 8-bit transform needs to keep flat areas flat.
IntegerConv QuantizeConv(const ArchNode& node, const Tensor& weight, const Tensor& bias,
                         const Tensor& moments = {});

// The real weights [out, in, k, k] that the whole ones stand for, fp64.
Tensor RealWeights(const ArchNode& node, const IntegerConv& conv);

// Every convolution of the graphs whose name starts with `prefix`.
IntegerConvs QuantizeGraphs(const Architecture& arch, const std::string& prefix,
                            const ParamStore& params, const InputMoments& moments = {});

// Runs the graph on whole numbers held in doubles, NCHW, for one QP. Returns
// the graph's outputs.
TensorMap RunInteger(const ArchGraph& graph, const IntegerConvs& convs, const TensorMap& inputs,
                     int qp, int64_t latent_h, int64_t latent_w);

}  // namespace furl::train

#endif  // FURL_TRAIN_EXPORT_INTEGER_GRAPH_H_
