// Whether a slice has an entry of a stage: a bit whose first probability is what the prior's
// network expects, and which adapts to the frame from there.

#ifndef FURL_CODEC_FAMILIES_VQ_SIGNIFICANCE_H_
#define FURL_CODEC_FAMILIES_VQ_SIGNIFICANCE_H_

#include <algorithm>
#include <array>
#include <cstdint>

#include "entropy/adaptive_bit.h"
#include "entropy/categorical.h"

namespace furl::vq {

class SignificanceModels {
 public:
  static constexpr int kClasses = 32;  // of expectations, half a power of two wide
  static constexpr int kKinds = 3;  // positions that are coded finer, alike, coarser than the frame

  SignificanceModels() {
    for (int c = 0; c < kClasses; ++c) {
      for (auto& kind : models_) kind[c] = AdaptiveBit(ZeroPart(c), kConfidence);
    }
  }

  // The model of a slice, given its logit and by how much the QP of its position differs from the
  // frame's.
  AdaptiveBit* Of(int logit, int qp_offset) {
    const int kind = qp_offset < 0 ? 0 : qp_offset == 0 ? 1 : 2;
    return &models_[kind][ClassOf(logit)];
  }

  static int ClassOf(int logit) { return std::clamp((logit >> 8) + kClasses / 2, 0, kClasses - 1); }

 private:
  static constexpr int kConfidence = 20;

  // P(0) in 1/65536 in the middle of a class: 1 / (1 + 2^logit).
  static uint32_t ZeroPart(int c) {
    const int logit = (c - kClasses / 2) * 256 + 128;
    const uint64_t small = PowerOfHalf(static_cast<uint32_t>(logit < 0 ? -logit : logit));
    const uint64_t sum = small + 65536;
    return static_cast<uint32_t>((logit < 0 ? uint64_t{65536} : small) * 65536 / sum);
  }

  std::array<std::array<AdaptiveBit, kClasses>, kKinds> models_;
};

}  // namespace furl::vq

#endif  // FURL_CODEC_FAMILIES_VQ_SIGNIFICANCE_H_
