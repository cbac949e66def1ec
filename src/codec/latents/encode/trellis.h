// The encoder's choice among symbols by error and bits, and the Viterbi search
// for whole runs of dependently quantized ones.

#ifndef FURL_CODEC_LATENTS_ENCODE_TRELLIS_H_
#define FURL_CODEC_LATENTS_ENCODE_TRELLIS_H_

#include <array>
#include <cstdint>
#include <span>

#include "codec/common/rate_distortion.h"
#include "codec/latents/encode/quantizer.h"
#include "codec/latents/reconstruction.h"
#include "entropy/symbol_tables.h"

namespace furl::latents {

// What a symbol shall stand for, and how much its squared error counts in 1/kUnitWeight.
struct WeighedLatent {
  int32_t distance;  // from the mean, in 1/64 step
  int weight;
};

// weight * error^2 + kLagrangian * Delta^2 * bits of a symbol, bits from the static tables. In
// integers: errors are in 1/64 step and bits in 1/256, so J = 100 weight error^2 + 192 cost.
class SymbolCosts {
 public:
  static constexpr int64_t kErrorWeight = 100;
  static constexpr int64_t kBitsWeight = kErrorWeight * 64 * 64 / 256 * kLagrangianPercent / 100;

  // Borrows the tables and what `reconstruction` borrows.
  SymbolCosts(const SymbolTables& tables, const Reconstruction& reconstruction)
      : tables_(tables), reconstruction_(reconstruction) {}

  // Of coding `q`, 0 or of the distance's sign.
  int64_t Of(const WeighedLatent& u, int quantizer, int scale_index, int q) const {
    const int row = SymbolTables::Row(quantizer, scale_index);
    return ErrorOf(u, quantizer, scale_index, q) + kBitsWeight * tables_.Cost(row, q);
  }
  // Its error alone.
  int64_t ErrorOf(const WeighedLatent& u, int quantizer, int scale_index, int q) const {
    int64_t error = u.distance < 0 ? -int64_t{u.distance} : u.distance;
    if (q != 0) error -= reconstruction_.Magnitude64(quantizer, scale_index, q < 0 ? -q : q);
    return kErrorWeight * error * error * u.weight / kUnitWeight;
  }

 private:
  const SymbolTables& tables_;
  const Reconstruction reconstruction_;
};

class Trellis {
 public:
  static constexpr int kLongestRun = 256;

  explicit Trellis(const SymbolCosts& costs) : costs_(costs) {}

  // Symbols of a run (at most kLongestRun) of latents at these distances
  // from their means, in 1/64 step: the path of least cost, or without `optimize`
  // of least error. `weights`: of the errors, one each. Where the scale index is 0 the symbol is 0.
  void Quantize(std::span<const int32_t> distance, std::span<const uint8_t> indices,
                std::span<const uint8_t> weights, bool optimize, int16_t* q);

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

  Choice Choose(const WeighedLatent& u, int quantizer, int scale_index, bool optimize) const;
  void Advance(const WeighedLatent& u, int scale_index, bool optimize,
               std::array<Arrival, kStates>* arrivals);

  const SymbolCosts costs_;
  std::array<int64_t, kStates> cost_;  // of the best path to each state
  std::array<std::array<Arrival, kStates>, kLongestRun> arrivals_;
};

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_ENCODE_TRELLIS_H_
