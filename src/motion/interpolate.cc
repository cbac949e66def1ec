// The scalar definition of interpolation.

#include "motion/interpolate.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked_math.h"

namespace furl::motion {
namespace {

// `taps` products along `step` around *s, not yet scaled.
template <typename Sample>
int32_t Filter(const Sample* s, ptrdiff_t step, const int8_t* filter, int taps) {
  int32_t sum = 0;
  for (int i = 0; i < taps; ++i) sum += filter[i] * s[(i - (taps / 2 - 1)) * step];
  return sum;
}

void Interpolate(const FilterInput& in, const int8_t* filter_x, const int8_t* filter_y, int taps,
                 int width, int height, int16_t* out) {
  const int shift = in.bit_depth - 8;
  const int above = taps / 2 - 1;
  int16_t rows[(kMaxBlock + kLumaTaps - 1) * kMaxBlock];
  for (int y = -above; y < height + taps / 2; ++y) {
    const uint16_t* s = in.ref + y * in.stride;
    for (int x = 0; x < width; ++x) {
      const int32_t sum = in.fx == 0 ? s[x] * 64 : Filter(s + x, 1, filter_x, taps);
      rows[(y + above) * kMaxBlock + x] = static_cast<int16_t>(RoundShift(sum, shift));
    }
  }
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      int16_t& result = out[y * kMaxBlock + x];
      if (in.fy == 0) {
        result = rows[(y + above) * kMaxBlock + x];
      } else if (in.fx == 0) {
        const int32_t sum = Filter(in.ref + y * in.stride + x, in.stride, filter_y, taps);
        result = static_cast<int16_t>(RoundShift(sum, shift));
      } else {
        const int32_t sum = Filter(&rows[(y + above) * kMaxBlock + x], kMaxBlock, filter_y, taps);
        result = SaturateToInt16(RoundShift(sum, 6));
      }
    }
  }
}

uint16_t ToPrediction(int32_t v) {
  return static_cast<uint16_t>(Clamp<int32_t>(v, 0, (1 << kSampleBits) - 1));
}

}  // namespace

void InterpolateLumaScalar(const FilterInput& in, int width, int height, int16_t* out) {
  Interpolate(in, kLumaFilter[in.fx], kLumaFilter[in.fy], kLumaTaps, width, height, out);
}

void InterpolateChromaScalar(const FilterInput& in, int width, int height, int16_t* out) {
  Interpolate(in, kChromaFilter[in.fx], kChromaFilter[in.fy], kChromaTaps, width, height, out);
}

void FinishOneScalar(const int16_t* p, int width, int height, uint16_t* out, ptrdiff_t out_stride) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      out[y * out_stride + x] = ToPrediction(RoundShift(p[y * kMaxBlock + x], 2));
    }
  }
}

void FinishTwoScalar(const int16_t* p0, const int16_t* p1, int width, int height, uint16_t* out,
                     uint16_t* difference, ptrdiff_t out_stride) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int32_t a = p0[y * kMaxBlock + x];
      const int32_t b = p1[y * kMaxBlock + x];
      out[y * out_stride + x] = ToPrediction(RoundShift(a + b, 3));
      difference[y * out_stride + x] = ToPrediction(RoundShift(std::abs(a - b), 2));
    }
  }
}

void BlendScalar(const uint16_t* b, const int16_t* weights, bool across, int width, int height,
                 uint16_t* out, ptrdiff_t out_stride) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint16_t& a = out[y * out_stride + x];
      const int step = ((b[y * kMaxBlock + x] - a) * weights[across ? x : y] + 8) >> 4;
      a = static_cast<uint16_t>(a + step);
    }
  }
}

}  // namespace furl::motion
