// The one shape that a lap works on, and its arithmetic across one edge.

#ifndef FURL_NN_OPS_LAP_H_
#define FURL_NN_OPS_LAP_H_

#include <cstdint>

namespace furl::nn {

// The channels of a position are squares of values: one of the wide side, then
// two of the narrow side. The scale makes a block of 2x2 positions one position
// of the latent grid.
inline constexpr int kLapScale = 8;
inline constexpr int kLapWideSide = 8;
inline constexpr int kLapNarrowSide = 4;
inline constexpr int kLapChannels =
    kLapWideSide * kLapWideSide + 2 * kLapNarrowSide * kLapNarrowSide;
// One square matrix for each side.
inline constexpr int kLapWeights = kLapWideSide * kLapWideSide + kLapNarrowSide * kLapNarrowSide;

// lap across the edge between two positions of kLapChannels values each, front
// left of behind (`side_by_side`) or above it; `weights` holds kLapWeights numbers.
using LapFunction = void (*)(const int16_t* weights, bool side_by_side, int16_t* front,
                             int16_t* behind);

// The scalar definition.
void LapScalar(const int16_t* weights, bool side_by_side, int16_t* front, int16_t* behind);

}  // namespace furl::nn

#endif  // FURL_NN_OPS_LAP_H_
