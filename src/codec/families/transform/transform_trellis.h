// The encoder's choice among symbols by error and bits, and the Viterbi search
// for whole runs of dependently quantized ones.

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_TRELLIS_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_TRELLIS_H_

#include <array>
#include <cstdint>
#include <span>

#include "codec/families/transform/transform_nets.h"
#include "codec/families/transform/transform_symbols.h"

namespace furl::transform {

// error^2 + 0.12 Delta^2 * bits of a symbol, bits from the static tables. In
// integers: errors are in 1/64 step and bits in 1/256, so J = 100 error^2 + 192 cost.
class SymbolCosts {
 public:
  explicit SymbolCosts(const FrameNets& nets)
      : tables_(*nets.tables), reconstruction_(nets.reconstruction()) {}

  // Of coding `q` (0 or of u's sign) for a latent `u` from the mean, in 1/64 step.
  int64_t Of(int32_t u, int quantizer, int scale_index, int q) const {
    const int row = SymbolTables::Row(quantizer, scale_index);
    return ErrorOf(u, quantizer, scale_index, q) + kBitsWeight * tables_.Cost(row, q);
  }
  // Its error alone.
  int64_t ErrorOf(int32_t u, int quantizer, int scale_index, int q) const {
    int64_t error = u < 0 ? -int64_t{u} : u;
    if (q != 0) error -= reconstruction_.Magnitude64(quantizer, scale_index, q < 0 ? -q : q);
    return kErrorWeight * error * error;
  }

 private:
  static constexpr int64_t kErrorWeight = 100;
  static constexpr int64_t kBitsWeight = 192;

  const SymbolTables& tables_;
  const Reconstruction reconstruction_;
};

class Trellis {
 public:
  explicit Trellis(const FrameNets& nets) : costs_(nets) {}

  // Symbols of a run (at most kMaxPassChannels) of latents at these distances
  // from their means, in 1/64 step: the path of least cost, or without `optimize`
  // of least error. Where the scale index is 0 the symbol is 0.
  void Quantize(std::span<const int32_t> distance, std::span<const uint8_t> indices, bool optimize,
                int16_t* q);

 private:
  static constexpr int kStates = QuantizerState::kStates;
  static constexpr int64_t kNever = INT64_MAX / 2;

  // The best symbol of either parity in one quantizer.
  struct Choice {
    int64_t cost[2] = {kNever, kNever};  // by parity
    int16_t q[2] = {0, 0};
  };
  // The best way into a state.
  struct Arrival {
    int8_t from;
    int16_t q;
  };

  Choice Choose(int32_t u, int quantizer, int scale_index, bool optimize) const;
  void Advance(int32_t u, int scale_index, bool optimize, std::array<Arrival, kStates>* arrivals);

  const SymbolCosts costs_;
  std::array<int64_t, kStates> cost_;  // of the best path to each state
  std::array<std::array<Arrival, kStates>, kMaxPassChannels> arrivals_;
};

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_TRELLIS_H_
