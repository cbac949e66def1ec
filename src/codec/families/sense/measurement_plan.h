// Which measurements of a block a frame takes, and how coarsely (docs/sense.md, "Measurements").
// A measurement is the inner product of a block with a row of a Walsh-Hadamard matrix, a matrix
// of +1 and -1 only; rows are in the order of their sequency.

#ifndef FURL_CODEC_FAMILIES_SENSE_MEASUREMENT_PLAN_H_
#define FURL_CODEC_FAMILIES_SENSE_MEASUREMENT_PLAN_H_

#include <array>
#include <cstdint>

namespace furl::sense {

inline constexpr int kBlock = 16;  // side of a block of luma; its chroma has half of it
inline constexpr int kLumaSamples = kBlock * kBlock;
inline constexpr int kChromaSamples = kLumaSamples / 4;

// Most measurements of a block, a quarter of its samples: luma, then U, then V.
inline constexpr int kMostLuma = 64;
inline constexpr int kMostChroma = 16;
inline constexpr int kMostRows = kMostLuma + 2 * kMostChroma;
inline constexpr int kFewestLuma = 5;  // 1/50

struct MeasurementPlan {
  int step = 0;  // of the quantizer, in units of measurements of 8-bit samples, >= 1
  // Rows that are measured, in rising order; rows of chroma are the same for U and V.
  int luma_count = 0;
  int chroma_count = 0;
  std::array<uint8_t, kMostLuma> luma{};
  std::array<uint8_t, kMostChroma> chroma{};
};

// The quantized measurements of a block: those of luma, of U and of V, each in the order of its
// plan's rows.
struct BlockSymbols {
  int16_t luma[kMostLuma] = {};
  int16_t chroma[2][kMostChroma] = {};
};

// Measurements of a block of luma at a QP, kFewestLuma..kMostLuma.
int LumaCount(int qp);

// The plan of the frame that comes `age` frames after the last key frame. Key frames measure the
// lowest rows. Later ones measure three quarters of them and take turns at the others and as many
// rows above, so that within five frames what stands still is measured twice as well.
MeasurementPlan PlanOf(int qp, int age);

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_MEASUREMENT_PLAN_H_
