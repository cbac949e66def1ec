// Quantization steps that differ from those that the networks count in: of blocks with a QP of
// their own, and of frames beyond the model's QPs (docs/hyperprior.md, "Local steps").
//
// Networks know only the model's QP of the frame. What they say about a place with other steps,
// and what they are told about its symbols, is translated here.

#ifndef FURL_CODEC_HYPERPRIOR_LOCAL_STEPS_H_
#define FURL_CODEC_HYPERPRIOR_LOCAL_STEPS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "codec/common/qp_map.h"
#include "nn/tensor.h"

namespace furl::hyperprior {

struct Pass;

// The largest Delta in 1/16: with it the product of a dequantizer stays in 32 bits.
inline constexpr int kMaxDelta = 8191;

// Delta of all QPs from kMinQp to kMaxQp, given a model's of 0 to 63, [..][384] in 1/16: beyond
// them it goes on by a tenth of an octave per QP.
std::vector<uint16_t> ExtendSteps(std::span<const uint16_t> model_steps);

class LocalSteps {
 public:
  // `table` is that of ExtendSteps, `qp` the frame's; `map` may be null. Borrows both.
  LocalSteps(std::span<const uint16_t> table, int qp, const QpMap* map)
      : table_(table), qp_(qp), map_(map != nullptr && !map->AllZero() ? map : nullptr) {}

  // By how many QPs a position of the latent grid lies above what the networks count in, -16..16.
  int OffsetAt(int y, int x) const { return QpAt(y, x) - ModelQp(qp_); }

  // Delta of every latent channel at a position, in 1/16.
  std::span<const uint16_t> At(int y, int x) const { return Row(QpAt(y, x)); }

  // The same where the map says nothing.
  std::span<const uint16_t> OfFrame() const { return Row(qp_); }

  // What the networks count in.
  std::span<const uint16_t> OfNetworks() const { return Row(ModelQp(qp_)); }

  // Turns the outputs of a pass's graph, which count in the frame's steps, into
  // those of each position: u7 scale (index * 2) and s16 mean (1/64 step).
  void Localize(const Pass& pass, nn::Tensor* scale, nn::Tensor* mean) const;

 private:
  int QpAt(int y, int x) const {
    return qp_ + (map_ != nullptr ? QpMap::kQpPerStep * map_->At(x / 2, y / 2) : 0);
  }
  std::span<const uint16_t> Row(int qp) const;

  std::span<const uint16_t> table_;
  int qp_;
  const QpMap* map_;
};

// T of docs/hyperprior.md for a symbol that stands for `half_steps`, 0..65534, where the
// offset is `offset`: that of its magnitude in the networks' steps.
uint8_t CompandLocal(int half_steps, int offset);

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_LOCAL_STEPS_H_
