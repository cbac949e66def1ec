// What one training step sees.

#ifndef FURL_TRAIN_DATA_BATCH_H_
#define FURL_TRAIN_DATA_BATCH_H_

#include "codec/common/pack.h"
#include "train/base/torch_compat.h"

namespace furl::train {

// Real units (units.h), [N, kPackedChannels, H/8, W/8], channels-last memory. Of sequences,
// [N, T, kPackedChannels, H/8, W/8]: what follows of items holds for all their frames together.
struct Batch {
  Tensor original;
  Tensor pred;  // 4.0 (s12 2048) everywhere in intra frames and sequences
  Tensor diff;  // |P0 - P1| >> 3 as real u7; undefined in intra batches
  Tensor qp;    // [N], whole numbers 0..63

  int64_t size() const { return original.size(0); }
  int64_t frames() const { return original.dim() == 5 ? original.size(1) : 1; }
  int64_t pixels_per_item() const { return frames() * original.size(-2) * original.size(-1) * 64; }
  Batch To(const torch::Device& device) const {
    return Each([&](const Tensor& x) { return x.to(device, /*non_blocking=*/true); });
  }
  // In page-locked memory, which a GPU reads while the CPU goes on.
  Batch Pinned() const {
    return Each([](const Tensor& x) { return x.pin_memory(); });
  }

 private:
  template <typename F>
  Batch Each(const F& f) const {
    return {f(original), f(pred), diff.defined() ? f(diff) : diff, f(qp)};
  }
};

}  // namespace furl::train

#endif  // FURL_TRAIN_DATA_BATCH_H_
