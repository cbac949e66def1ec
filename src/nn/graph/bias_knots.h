// Biases that vary with a run's level as model files hold them: at a few levels, straight lines
// between (docs/model-format.md).

#ifndef FURL_NN_GRAPH_BIAS_KNOTS_H_
#define FURL_NN_GRAPH_BIAS_KNOTS_H_

#include <cstdint>
#include <span>
#include <vector>

namespace furl::nn {

// Knot k stands at level k * kLastBiasKnot / (kBiasKnots - 1), beyond the last row.
inline constexpr int kBiasKnots = 8;
inline constexpr int kLastBiasKnot = 79;

// [kBiasRows][channels] of `knots` [kBiasKnots][channels], to nearest.
std::vector<int32_t> ExpandBiasKnots(std::span<const int32_t> knots);

}  // namespace furl::nn

#endif  // FURL_NN_GRAPH_BIAS_KNOTS_H_
