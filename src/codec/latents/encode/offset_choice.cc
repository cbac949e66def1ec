#include "codec/latents/encode/offset_choice.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace furl::latents {
namespace {

// In 12-bit samples: a sixteenth of a level of 8 bits each. Two frames that are off by this to
// either side differ by an eighth of a level.
constexpr double kSeen = 1.0;
// Rounding to the depth of the picture swallows part of an offset where prediction was copied, so
// one more step may be needed.
constexpr int kRounds = 3;

using Means = std::array<double, 3>;

// Of `shown` less `original`, in 12-bit samples.
Means MeanErrors(const Frame& shown, const Frame& original) {
  const int up = kSampleBits - original.bit_depth();
  Means means;
  for (int p = 0; p < 3; ++p) {
    const ConstPlane a = shown.plane(p);
    const ConstPlane b = original.plane(p);
    int64_t sum = 0;
    for (int y = 0; y < b.height; ++y) {
      const uint16_t* ra = a.row(y);
      const uint16_t* rb = b.row(y);
      int32_t row = 0;
      for (int x = 0; x < b.width; ++x) row += ra[x] - rb[x];
      sum += row;
    }
    means[p] = std::ldexp(static_cast<double>(sum), up) / b.width / b.height;
  }
  return means;
}

// Of the frame's blocks, those that aren't in samples; of one block where there are none.
double ShareOfLatents(const FrameTask& task) {
  if (task.samples == nullptr) return 1;
  const int blocks = task.samples->cols() * task.samples->rows();
  return static_cast<double>(std::max(blocks - task.samples->count(), 1)) / blocks;
}

}  // namespace

PlaneOffsets FilterWithOffsets(const filter::LoopFilter* loop_filter, const FrameTask& task,
                               const Frame& original, const filter::FilterStrengths& strengths,
                               FilterStep* step, const Frame& decoded, Frame* scratch,
                               Frame* reconstruction) {
  const auto filter = [&](const PlaneOffsets& offsets) {
    const bool some = offsets != PlaneOffsets{};
    if (some) AddPlaneOffsets(decoded, offsets, task.pool, scratch);
    step->Run(loop_filter, task, some ? *scratch : decoded, strengths, reconstruction);
    return MeanErrors(*reconstruction, original);
  };
  // Offsets don't reach blocks in samples, so that they count for less than their size.
  const double reached = ShareOfLatents(task);
  PlaneOffsets tried = {};
  PlaneOffsets best = {};
  Means means = filter(tried);
  Means least = means;
  for (int round = 1; round < kRounds; ++round) {
    PlaneOffsets next = best;
    for (int p = 0; p < 3; ++p) {
      if (std::abs(least[p]) <= kSeen) continue;
      const int wanted = tried[p] - static_cast<int>(std::lround(means[p] / reached));
      next[p] = std::clamp(wanted, -kMaxPlaneOffset, kMaxPlaneOffset);
    }
    if (next == tried) break;
    tried = next;
    means = filter(tried);
    for (int p = 0; p < 3; ++p) {
      if (std::abs(means[p]) >= std::abs(least[p])) continue;
      least[p] = means[p];
      best[p] = tried[p];
    }
  }
  if (tried != best) filter(best);
  return best;
}

}  // namespace furl::latents
