// The scalar definitions of operators that have kernels (docs/numerics.md
// section 2; lap's is in ops/lap.h), kept for ever: they define the meaning,
// and every faster path must equal them.
//
// Each function fills rows [row_begin, row_end) of `out`, whose shape is set
// already. Inputs must have the shapes that ValidateGraph established, and
// `out` must not share memory with an input.

#ifndef FURL_NN_OPS_SCALAR_OPS_H_
#define FURL_NN_OPS_SCALAR_OPS_H_

#include <cstdint>

#include "base/checked_math.h"
#include "nn/graph/graph.h"
#include "nn/tensor.h"

namespace furl::nn {

// The one requantization: 0 <= shift <= 24, 1 <= mult <= 32767.
constexpr int32_t Requantize(int32_t acc, int shift, int mult) {
  const int32_t t = SaturateToInt16(RoundShift(acc, shift));
  return (t * mult + (1 << 14)) >> 15;
}

// conv and conv16 in every form. bias_row is one of the node's rows of bias; `residual` is null
// unless the form is kAdd.
void ConvScalar(const Node& node, int bias_row, const Tensor& in, const Tensor* residual,
                Tensor* out, int row_begin, int row_end);

void QuantScalar(const Node& node, const Tensor& in, Tensor* out, int row_begin, int row_end);

void AddScalar(const Tensor& a, const Tensor& b, Tensor* out, int row_begin, int row_end);

}  // namespace furl::nn

#endif  // FURL_NN_OPS_SCALAR_OPS_H_
