// Quantization steps that differ from block to block (docs/hyperprior.md, "QP map").
//
// Networks know only the QP of the frame. What they say about a block with steps
// of its own, and what they are told about its symbols, is translated here.

#ifndef FURL_CODEC_HYPERPRIOR_LOCAL_STEPS_H_
#define FURL_CODEC_HYPERPRIOR_LOCAL_STEPS_H_

#include <cstdint>
#include <span>

#include "codec/common/qp_map.h"
#include "nn/tensor.h"

namespace furl::hyperprior {

struct Pass;

class LocalSteps {
 public:
  // `table` is Delta in 1/16 by [64][384]; `map` may be null. Borrows both.
  LocalSteps(std::span<const uint16_t> table, int qp, const QpMap* map)
      : table_(table), qp_(qp), map_(map != nullptr && !map->AllZero() ? map : nullptr) {}

  // Offset of a position of the latent grid, in steps of QpMap::kQpPerStep.
  int OffsetAt(int y, int x) const { return map_ != nullptr ? map_->At(x / 2, y / 2) : 0; }

  // Delta of every latent channel at a position, in 1/16.
  std::span<const uint16_t> At(int y, int x) const { return Row(OffsetAt(y, x)); }

  // The same where the map says nothing: what the networks count in.
  std::span<const uint16_t> OfFrame() const { return Row(0); }

  // Turns the outputs of a pass's graph, which count in the frame's steps, into
  // those of each position: u7 scale (index * 2) and s16 mean (1/64 step).
  void Localize(const Pass& pass, nn::Tensor* scale, nn::Tensor* mean) const;

 private:
  std::span<const uint16_t> Row(int offset) const;

  std::span<const uint16_t> table_;
  int qp_;
  const QpMap* map_;
};

// T of docs/hyperprior.md for a symbol that stands for `half_steps`, 0..65534, where the
// offset is `offset`: that of its magnitude in the frame's steps.
uint8_t CompandLocal(int half_steps, int offset);

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_LOCAL_STEPS_H_
