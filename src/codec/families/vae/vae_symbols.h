// Symbols of the vae family: the order in which the latents of a frame are
// coded, and the integer maps between symbols, latents and network inputs
// (docs/vae.md, "Latents").

#ifndef FURL_CODEC_FAMILIES_VAE_VAE_SYMBOLS_H_
#define FURL_CODEC_FAMILIES_VAE_VAE_SYMBOLS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codec/families/vae/vae_local_steps.h"
#include "entropy/dependent_quantizer.h"
#include "entropy/symbol_tables.h"
#include "nn/tensor.h"

namespace furl::vae {

inline constexpr int kLatentChannels = 384;
inline constexpr int kLowChannels = 16;  // of group 0, from which neighbours are predicted
inline constexpr int kHyperChannels = 32;
inline constexpr int kTrunkChannels = 64;
inline constexpr int kNumScales = 64;
inline constexpr int kMaxHyper = 15;
inline constexpr int kMaxLatent = 8191;

// Positions of the latent grid: rows and columns both even, both odd, their sum
// even, their sum odd, all. kCorner and kCenter together are kEven.
enum class Phase : uint8_t { kCorner, kCenter, kEven, kOdd, kAll };

// Which latents one step codes.
struct Step {
  int first;  // channel
  int count;
  Phase phase;

  // The step gets the low latents decoded so far and predicts its own from them.
  bool predicted;

  // First row that belongs to the step, and the distance to the next.
  constexpr int FirstRow() const { return phase == Phase::kCenter ? 1 : 0; }
  constexpr int RowStep() const { return phase <= Phase::kCenter ? 2 : 1; }
  // First column of row y that belongs to the step, and the distance to the next.
  constexpr int FirstColumn(int y) const {
    return phase == Phase::kAll ? 0 : ((y & 1) ^ (phase == Phase::kOdd ? 1 : 0));
  }
  constexpr int ColumnStep() const { return phase == Phase::kAll ? 1 : 2; }

  constexpr bool Includes(int y, int x) const {
    const bool row = RowStep() == 1 || (y & 1) == FirstRow();
    return row && (phase == Phase::kAll || (x & 1) == FirstColumn(y));
  }
};

inline constexpr int kNumSteps = 9;
inline constexpr int kMaxStepChannels = 144;
inline constexpr std::array<Step, kNumSteps> kSteps = {{
    {0, 16, Phase::kCorner, false},
    {0, 16, Phase::kCenter, true},
    {0, 16, Phase::kOdd, true},
    {16, 32, Phase::kEven, true},
    {16, 32, Phase::kOdd, true},
    {48, 64, Phase::kEven, false},
    {48, 64, Phase::kOdd, false},
    {112, 128, Phase::kAll, false},
    {240, 144, Phase::kAll, false},
}};

static_assert(std::all_of(kSteps.begin(), kSteps.end(),
                          [](const Step& step) { return step.count <= kMaxStepChannels; }));

// T of docs/vae.md: magnitudes 0..32767 compressed to 7 bits.
inline uint8_t Compand(int magnitude) { return CompandLocal(2 * magnitude, 0); }

// Calls body(y, x) for the positions of a step in coding order.
template <typename Body>
void ForEachPosition(const Step& step, int height, int width, const Body& body) {
  for (int y = step.FirstRow(); y < height; y += step.RowStep()) {
    for (int x = step.FirstColumn(y); x < width; x += step.ColumnStep()) body(y, x);
  }
}

// The scale indices of a step in coding order: positions row by row, channels
// innermost. `scale` is the u7 output of the step's graph.
void GatherScaleIndices(const Step& step, const nn::Tensor& scale, std::vector<uint8_t>* indices);

// What symbols stand for, in 1/64 of their step and without sign.
struct Reconstruction {
  int quantizers;                  // 1, or 2 (entropy/dependent_quantizer.h)
  std::span<const int8_t> shrink;  // [quantizers][64][2], 1/64 step

  int Magnitude64(int quantizer, int scale_index, int magnitude) const {
    const int row = SymbolTables::Row(quantizer, scale_index);
    return 32 * QuantizerState::HalfSteps(quantizer, magnitude) - shrink[row * 2 + (magnitude > 1)];
  }
};

// Dequantization constants of one frame.
struct Dequantizer {
  LocalSteps steps;  // Delta 32..4095
  Reconstruction reconstruction;

  // `v64` = (sign(q) * Magnitude64 + mean), any int32; `offset` in latent units.
  static int16_t Latent(int32_t v64, int delta, int offset);
};

// Outputs of a step's graph that say where its latents are expected.
struct Expectation {
  const nn::Tensor* mean;    // 1/64 step
  const nn::Tensor* offset;  // latent units; nullptr in steps that aren't predicted

  // The offsets of a position, or zeros.
  const int16_t* OffsetsAt(int y, int x) const;
};

// Writes what the symbols of a step mean (expectations in local steps): their latents, and, where
// `context` isn't nullptr, the context that the next graph gets (zero outside the step's
// positions). `q` and `indices` are in coding order.
void ScatterSymbols(const Step& step, std::span<const int16_t> q, std::span<const uint8_t> indices,
                    const Expectation& expected, const Dequantizer& dequantizer, nn::Tensor* latent,
                    nn::Tensor* context);

// Copies the latents of group 0 at the step's positions to `low`.
void CopyLowLatents(const Step& step, const nn::Tensor& latent, nn::Tensor* low);

}  // namespace furl::vae

#endif  // FURL_CODEC_FAMILIES_VAE_VAE_SYMBOLS_H_
