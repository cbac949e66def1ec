// Sub-sample interpolation of motion compensation: separable filters, 8 taps at
// quarter samples for luma and 4 taps at eighth samples for chroma.
//
// Filters produce 14-bit samples in int16 (a d-bit sample x is x << (14 - d)):
//
//   whole position        p = x << (14 - d)
//   one direction         p = rshift(sum of taps, d - 8)
//   both                  horizontal as above, then p = sat16(rshift(sum of taps, 6))
//
// and are finished to 12 bits by
//
//   one prediction        clamp(rshift(p, 2), 0, 4095)
//   two predictions       clamp(rshift(p0 + p1, 3), 0, 4095),
//                         difference min(rshift(|p0 - p1|, 2), 4095)
//
// Where the motion of neighbouring cells differs, their predictions overlap:
// 12-bit samples near the border move towards the other prediction by
//
//   a + ((b - a) * weight + 8) >> 4,   weight at most 7
//
// with rshift and sat16 of docs/numerics.md. Every number but the sat16 is proven
// to fit: the positive taps of a filter sum to at most 88, so one direction stays
// below 1023 * 88 / 4 < 2^15.

#ifndef FURL_MOTION_INTERPOLATE_H_
#define FURL_MOTION_INTERPOLATE_H_

#include <cstddef>
#include <cstdint>

#include "image/coding_scales.h"

namespace furl::motion {

inline constexpr int kLumaTaps = 8;
inline constexpr int kChromaTaps = 4;
// Tap i applies to sample position + i - (taps / 2 - 1). Each row sums to 64.
// These are the DCT-based interpolation filters of ITU-T H.265.
inline constexpr int8_t kLumaFilter[4][kLumaTaps] = {{0, 0, 0, 64, 0, 0, 0, 0},
                                                     {-1, 4, -10, 58, 17, -5, 1, 0},
                                                     {-1, 4, -11, 40, 40, -11, 4, -1},
                                                     {0, 1, -5, 17, 58, -10, 4, -1}};
inline constexpr int8_t kChromaFilter[8][kChromaTaps] = {
    {0, 64, 0, 0},    {-2, 58, 10, -2}, {-4, 54, 16, -2}, {-6, 46, 28, -4},
    {-4, 36, 36, -4}, {-4, 28, 46, -6}, {-2, 16, 54, -4}, {-2, 10, 58, -2}};

inline constexpr int kMaxBlock = 64;  // luma samples; also the stride of intermediate blocks

// Where a block is read from: `ref` is its top left sample at the whole part of
// the vector, fx and fy the fraction (quarters for luma, eighths for chroma).
// All samples under the taps must be readable.
struct FilterInput {
  const uint16_t* ref;
  ptrdiff_t stride;  // samples
  int bit_depth;     // 8 or 10
  int fx, fy;
};

// The definition. `out` has stride kMaxBlock; width and height are at most 64.
void InterpolateLumaScalar(const FilterInput& in, int width, int height, int16_t* out);
void InterpolateChromaScalar(const FilterInput& in, int width, int height, int16_t* out);
void FinishOneScalar(const int16_t* p, int width, int height, uint16_t* out, ptrdiff_t out_stride);
// `difference` has the stride of `out`.
void FinishTwoScalar(const int16_t* p0, const int16_t* p1, int width, int height, uint16_t* out,
                     uint16_t* difference, ptrdiff_t out_stride);

// Blends `b` (stride kMaxBlock) into `out`. Sample (x, y) has the weight
// weights[across ? x : y]; with `across` width is 4, else a multiple of 4.
void BlendScalar(const uint16_t* b, const int16_t* weights, bool across, int width, int height,
                 uint16_t* out, ptrdiff_t out_stride);

// Same results by SIMD. The first two may write up to the next multiple of 8 of
// `width` in `out` (of 16 where width is above), and read as much of `ref`. For the
// others width must be a multiple of 4.
void InterpolateLuma(const FilterInput& in, int width, int height, int16_t* out);
void InterpolateChroma(const FilterInput& in, int width, int height, int16_t* out);
void FinishOne(const int16_t* p, int width, int height, uint16_t* out, ptrdiff_t out_stride);
void FinishTwo(const int16_t* p0, const int16_t* p1, int width, int height, uint16_t* out,
               uint16_t* difference, ptrdiff_t out_stride);

void Blend(const uint16_t* b, const int16_t* weights, bool across, int width, int height,
           uint16_t* out, ptrdiff_t out_stride);

}  // namespace furl::motion

#endif  // FURL_MOTION_INTERPOLATE_H_
