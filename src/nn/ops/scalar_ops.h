// The scalar definition of every operator (docs/numerics.md section 2), kept
// for ever: it defines the meaning, and every faster path must equal it.
//
// Each function fills rows [row_begin, row_end) of `out`, whose shape is set
// already. Inputs must have the shapes that ValidateGraph established, and
// `out` must not share memory with an input.

#ifndef FURL_NN_OPS_SCALAR_OPS_H_
#define FURL_NN_OPS_SCALAR_OPS_H_

#include <cstdint>
#include <span>

#include "base/checked_math.h"
#include "nn/graph/graph.h"
#include "nn/kernels/kernels.h"
#include "nn/tensor.h"

namespace furl::nn {

// The one requantization: 0 <= shift <= 24, 1 <= mult <= 32767.
constexpr int32_t Requantize(int32_t acc, int shift, int mult) {
  const int32_t t = SaturateToInt16(RoundShift(acc, shift));
  return (t * mult + (1 << 14)) >> 15;
}

// conv and conv16 in every form. bias_row is 0, or the QP where the bias is a
// table; `residual` is null unless the form is kAdd.
void ConvScalar(const Node& node, int bias_row, const Tensor& in, const Tensor* residual,
                Tensor* out, int row_begin, int row_end);

void QuantScalar(const Node& node, const Tensor& in, Tensor* out, int row_begin, int row_end);

void AddScalar(const Tensor& a, const Tensor& b, Tensor* out, int row_begin, int row_end);

// lap across the edge between two positions of kLapChannels values each;
// `weights` holds kLapWeights numbers. LapRows does it for all edges around the
// rows, with LapScalar or a kernel's equal.
void LapScalar(const int16_t* weights, bool side_by_side, int16_t* front, int16_t* behind);
void LapRows(LapFunction lap, const int16_t* weights, const Tensor& in, Tensor* out, int row_begin,
             int row_end);

void ConcatRows(std::span<const Tensor* const> in, Tensor* out, int row_begin, int row_end);

void SpaceToDepthRows(const Tensor& in, Tensor* out, int row_begin, int row_end);

void DepthToSpaceRows(const Tensor& in, Tensor* out, int row_begin, int row_end);

void CropRows(const Tensor& in, Tensor* out, int row_begin, int row_end);

}  // namespace furl::nn

#endif  // FURL_NN_OPS_SCALAR_OPS_H_
