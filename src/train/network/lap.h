// The operator lap of docs/numerics.md: turns the residual's samples on both
// sides of a block edge into each other, so that the transform of each block
// reaches into its neighbours (time-domain lapped transform: Tran, Liang and
// Tu, IEEE Trans. Signal Processing 51, 2003).

#ifndef FURL_TRAIN_NETWORK_LAP_H_
#define FURL_TRAIN_NETWORK_LAP_H_

#include "train/base/torch_compat.h"

namespace furl::train {

// (V^strength - 1) / 2 in whole 1/16384, [side, side] fp64, where V is the
// rotation that makes an edge of DCT blocks the lapped orthogonal transform
// (Malvar and Staelin, IEEE Trans. ASSP 37, 1989). Strength 0 does nothing, 1
// laps fully, and a negative one undoes the positive.
Tensor LapWeights(int side, double strength);

// Packed pictures [N, 96, 2h, 2w] in any real unit and type; same shape, type
// and memory format out.
Tensor Lap(const Tensor& x, double strength);

// The same as the codec computes it, on whole numbers in fp64.
Tensor LapWhole(const Tensor& x, double strength);

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_LAP_H_
