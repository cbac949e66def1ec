// Block comparisons of the motion search, on 8-bit samples (10-bit pictures are
// searched at 8 bits). SIMD; the scalar definitions are in the test.

#ifndef FURL_MOTION_SEARCH_KERNELS_H_
#define FURL_MOTION_SEARCH_KERNELS_H_

#include <cstddef>
#include <cstdint>

namespace furl::motion {

// 8-bit samples in somebody else's memory.
struct Samples {
  const uint8_t* data = nullptr;
  ptrdiff_t stride = 0;
};

// Sum of absolute differences; width is a multiple of 8.
uint32_t Sad(Samples a, Samples b, int width, int height);

// Sum over all 8x8 tiles of the absolute values of the Hadamard transform of
// a - b, divided by 4 per tile (twice the scale of Sad on noise); width and
// height are multiples of 8.
uint32_t Satd(Samples a, Samples b, int width, int height);

// out = (a + b + 1) >> 1; width is a multiple of 8.
void Average(Samples a, Samples b, int width, int height, uint8_t* out, ptrdiff_t out_stride);

// 14-bit samples of interpolate.h (stride kMaxBlock) to 8 bits:
// clamp(rshift(p, 6), 0, 255). Width is a multiple of 8.
void RoundTo8Bits(const int16_t* p, int width, int height, uint8_t* out, ptrdiff_t out_stride);

}  // namespace furl::motion

#endif  // FURL_MOTION_SEARCH_KERNELS_H_
