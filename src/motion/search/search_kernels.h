// Block comparisons of the motion search, on 8-bit samples (10-bit pictures are
// searched at 8 bits). SIMD; the scalar definitions are in the test.

#ifndef FURL_MOTION_SEARCH_SEARCH_KERNELS_H_
#define FURL_MOTION_SEARCH_SEARCH_KERNELS_H_

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

// The price of a Hadamard coefficient as a curve over its magnitude u in
// quantizer steps: a * u^2 up to u0 (it will be quantized to zero and its energy
// is lost), then rising by s1 per step up to u1, then by s2 (it will be coded).
struct CostCurve {
  CostCurve(double step, double a, double u0, double s1, double u1, double s2);

  // t = (2|c| * scale) >> 16 counts 1/32 step, c the unnormalized coefficient.
  int16_t scale;
  int16_t square;  // price, in 1/64, is t * t * square >> 16 up to t0
  int16_t t0, t1, slope1, slope2;
};
inline constexpr int kMaxCurve = 512;  // t is limited to this

// The curve that stands for what coding a residual costs, rate and error in bits, with a
// quantizer step of `step` in 8-bit sample units. Motion search and look-ahead share it.
CostCurve CodingCurve(double step);

// Sum of the prices of all Hadamard coefficients of the 8x8 tiles of a - b, in
// 1/64 of the curve's unit; width and height are multiples of 8.
uint32_t ResidualCost(const CostCurve& curve, Samples a, Samples b, int width, int height);

// out = (a + b + 1) >> 1; width is a multiple of 8.
void Average(Samples a, Samples b, int width, int height, uint8_t* out, ptrdiff_t out_stride);

// 14-bit samples of interpolate.h (stride kMaxBlock) to 8 bits:
// clamp(rshift(p, 6), 0, 255). Reads and writes up to the next multiple of 8 of `width`.
void RoundTo8Bits(const int16_t* p, int width, int height, uint8_t* out, ptrdiff_t out_stride);

}  // namespace furl::motion

#endif  // FURL_MOTION_SEARCH_SEARCH_KERNELS_H_
