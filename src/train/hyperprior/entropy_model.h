// The differentiable side of entropy coding: symbol rates, rate-distortion
// optimized rounding, contexts. Units and tables are those of docs/hyperprior.md.

#ifndef FURL_TRAIN_HYPERPRIOR_ENTROPY_MODEL_H_
#define FURL_TRAIN_HYPERPRIOR_ENTROPY_MODEL_H_

#include "entropy/symbol_tables.h"
#include "train/base/torch_compat.h"

namespace furl::train::hyperprior {

inline constexpr int kScaleCount = SymbolTables::kScales;

// Standard deviation, in quantization steps, that scale index s stands for.
double ScaleSigma(double s);

// Decay rate per step, sqrt(2)/sigma, of real-valued scale outputs (1.0 = u7
// value 32, that is 16 scale indices).
Tensor DecayOfScale(const Tensor& scale);

// First value that isn't rounded to 0, in steps: the dead zone all rate
// formulas assume. Measured tables replace the formulas after training.
inline constexpr double kZeroEdge = 0.6;

// Bits of |q| = magnitude under a two-sided geometric law of that decay, with
// the sign. Same shape as `decay`.
Tensor LaplaceBits(const Tensor& magnitude, const Tensor& decay, double zero_edge);

// The bits of symbols q. Gradients: toward `decay` exact; toward `value` (what
// was rounded) that of the continuous likelihood of a unit-width interval.
Tensor SymbolBits(const Tensor& q, const Tensor& value, const Tensor& decay, double zero_edge);

// Integer q minimizing (|v| - q)^2 + lagrangian * bits(q) over the two integers
// around |v|; no gradient. lagrangian is in squared steps per bit.
Tensor RoundRateDistortion(const Tensor& value, const Tensor& decay, double lagrangian);

// Companded context of symbols: concat(T(max(q,0)), T(max(-q,0))) as real u7.
Tensor SignedContext(const Tensor& q);
// T(|q|) as real u7 values (multiples of 1/32).
Tensor Compand(const Tensor& magnitude);

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_ENTROPY_MODEL_H_
