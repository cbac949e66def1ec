#include "codec/families/sense/measurement_plan.h"

#include <algorithm>
#include <span>

namespace furl::sense {
namespace {

constexpr int kFinestQp = 10;       // below, all rows are measured and steps fall faster
constexpr int kQpsPerHalving = 12;  // of the number of measurements
constexpr int kStepsPerOctave = 8;  // of the table below
constexpr int kStepAtFinest = 64;   // four levels of an orthonormal transform
constexpr int kWindow = 2;          // rows that are ever measured, in measurements of a frame

// 64 2^(-i / 12) and 64 2^(i / 8).
constexpr int kCounts[kQpsPerHalving] = {64, 60, 57, 54, 51, 48, 45, 43, 40, 38, 36, 34};
constexpr int kSteps[kStepsPerOctave] = {64, 70, 76, 83, 91, 99, 108, 117};

// Of measurements; rises by an octave in 30 QPs, and falls by one in 10 below the finest.
int StepOf(int qp) {
  const int eighths =
      qp >= kFinestQp ? (qp - kFinestQp) * 4 / 15 : (qp - kFinestQp) * kStepsPerOctave / 10;
  const int octave =
      eighths >= 0 ? eighths / kStepsPerOctave : (eighths - kStepsPerOctave + 1) / kStepsPerOctave;
  const int step = kSteps[eighths - octave * kStepsPerOctave];
  return octave >= 0 ? step << octave : std::max(step >> -octave, 1);
}

// Fills rows[0, count) for the frame of that age, of `most` rows that there are. The lowest are
// measured in every frame, the others are places that the rows above them take in turns, from the
// lowest on: those of a frame begin where those of the frame before ended.
void ChooseRows(int count, int age, int most, std::span<uint8_t> rows) {
  const int kept = count == most ? count : std::max(count * 3 / 4, 1);
  for (int i = 0; i < kept; ++i) rows[i] = static_cast<uint8_t>(i);
  const int others = count - kept;
  if (others == 0) return;
  const int turning = std::min(most, kWindow * count) - kept;
  const auto first = static_cast<int>(int64_t{age} * others % turning);
  for (int i = 0; i < others; ++i) {
    rows[kept + i] = static_cast<uint8_t>(kept + (first + i) % turning);
  }
  std::sort(rows.begin() + kept, rows.begin() + count);
}

}  // namespace

int LumaCount(int qp) {
  const int above = std::max(qp - kFinestQp, 0);
  return std::max(kCounts[above % kQpsPerHalving] >> std::min(above / kQpsPerHalving, 6),
                  kFewestLuma);
}

MeasurementPlan PlanOf(int qp, int age) {
  MeasurementPlan plan;
  plan.step = StepOf(qp);
  plan.luma_count = LumaCount(qp);
  plan.chroma_count = std::max(plan.luma_count / 4, 1);
  ChooseRows(plan.luma_count, age, kMostLuma, plan.luma);
  ChooseRows(plan.chroma_count, age, kMostChroma, plan.chroma);
  return plan;
}

}  // namespace furl::sense
