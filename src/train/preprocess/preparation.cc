#include "train/preprocess/preparation.h"

#include <algorithm>
#include <cmath>

namespace furl::train {

Status CheckPreparation(const Preparation& p) {
  constexpr int kMostFrames = 1 << 16;
  if (p.versions < 1 || p.held_out < 0 || p.min_side < 2) {
    return InvalidArgument("versions, held-out or min-side is too small");
  }
  if (p.every < 1 || p.every > kMostFrames) return InvalidArgument("every is out of its range");
  if (p.sequence < 0 || p.sequence > kMostFrames) {
    return InvalidArgument("sequence is out of its range");
  }
  const bool rising = 0 < p.least_scale && p.least_scale <= p.usual_scale &&
                      p.usual_scale <= p.most_scale && p.most_scale <= 1;
  return rising ? OkStatus() : InvalidArgument("scales must rise from above 0 to 1 at most");
}

ClipSize DrawSize(ClipSize full, const Preparation& p, std::mt19937_64& rng) {
  std::uniform_real_distribution<double> unit(0, 1);
  double scale = unit(rng) < 0.75 ? p.least_scale + (p.usual_scale - p.least_scale) * unit(rng)
                                  : p.usual_scale + (p.most_scale - p.usual_scale) * unit(rng);
  const double least = static_cast<double>(p.min_side) / std::min(full.width, full.height);
  scale = std::min(1.0, std::max(scale, least));
  return {static_cast<int>(std::lround(full.width * scale / 2)) * 2,
          static_cast<int>(std::lround(full.height * scale / 2)) * 2};
}

}  // namespace furl::train
