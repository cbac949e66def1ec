// Weighted prediction: references made brighter or darker before anything is predicted from them,
// for fades and flashes, where a picture resembles what came before but for its light
// (docs/motion.md, "Weights").

#ifndef FURL_MOTION_WEIGHTS_H_
#define FURL_MOTION_WEIGHTS_H_

#include <array>

#include "base/checked_math.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "entropy/adaptive_symbols.h"
#include "image/frame.h"

namespace furl::motion {

// Distances from the middle of the range are multiplied by gain / kUnitGain, then each plane is
// shifted.
struct Weights {
  static constexpr int kGainBits = 6;
  static constexpr int kUnitGain = 1 << kGainBits;
  static constexpr int kMaxGain = 127;    // the least is 0
  static constexpr int kMaxOffset = 511;  // the least is -512

  int gain = kUnitGain;
  std::array<int, 3> offset = {};  // of Y, U and V in quarters of a level of 8 bits

  bool operator==(const Weights&) const = default;
};

// A bit "any", then the gain in 7 bits and the offsets in 10 each, all raw.
template <typename Coder>
void CodeWeights(Coder& coder, Weights* weights) {
  AdaptiveBit any(AdaptiveBit::kOne / 64 * 63);
  if (!CodeBit(coder, any, *weights != Weights())) {
    *weights = {};
    return;
  }
  weights->gain = static_cast<int>(CodeRaw(coder, static_cast<uint32_t>(weights->gain), 7));
  for (int& offset : weights->offset) {
    const auto biased = static_cast<uint32_t>(offset + Weights::kMaxOffset + 1);
    offset = static_cast<int>(CodeRaw(coder, biased, 10)) - Weights::kMaxOffset - 1;
  }
}

// One sample of `plane`, of that depth.
inline int Weigh(const Weights& weights, int plane, int bit_depth, int sample) {
  const int middle = 1 << (bit_depth - 1);
  const int shift = weights.offset[plane] * (1 << (bit_depth - 8)) * (Weights::kUnitGain / 4);
  const int weighted = (sample - middle) * weights.gain + shift;
  return Clamp(middle + RoundShift(weighted, Weights::kGainBits), 0, 2 * middle - 1);
}

// The reference as it is predicted from: itself where nothing is weighed, else a picture of its own
// with the same border. `pool` may be null. kOutOfMemory.
Result<ConstFramePtr> WeighReference(const ConstFramePtr& reference, const Weights& weights,
                                     ThreadPool* pool);

}  // namespace furl::motion

#endif  // FURL_MOTION_WEIGHTS_H_
