// The Walsh-Hadamard transform of blocks, rows in the order of their sequency: first those of the
// lowest sum of sign changes along x and y. Additions only.

#ifndef FURL_CODEC_FAMILIES_SENSE_BLOCK_TRANSFORM_H_
#define FURL_CODEC_FAMILIES_SENSE_BLOCK_TRANSFORM_H_

#include <cstdint>

#include "codec/families/sense/measurement_plan.h"

namespace furl::sense {

// All measurements of a block in the scale of one of 16x16 samples of 8 bits: 16 times an
// orthonormal transform. `samples` are the block's row by row less the middle of their range; it
// is overwritten. `depth`: their bits, 8 or 10; the two below 8 bits are rounded away on the way.
void MeasureLuma(int16_t samples[kLumaSamples], int depth, int16_t rows[kMostLuma]);
void MeasureChroma(int16_t samples[kChromaSamples], int depth, int16_t rows[kMostChroma]);

// The sample (x, y) of row `row` as +1 or -1, for whoever builds the matrix: `side` is 16 for luma
// and 8 for chroma.
int MatrixEntry(int side, int row, int x, int y);

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_BLOCK_TRANSFORM_H_
