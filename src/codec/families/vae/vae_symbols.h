// Symbols of the vae family: the order in which the latents of a frame are
// coded, and the integer maps between symbols, latents and network inputs
// (docs/vae.md, "Latents").

#ifndef FURL_CODEC_FAMILIES_VAE_VAE_SYMBOLS_H_
#define FURL_CODEC_FAMILIES_VAE_VAE_SYMBOLS_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "nn/tensor.h"

namespace furl::vae {

inline constexpr int kLatentChannels = 256;
inline constexpr int kHyperChannels = 32;
inline constexpr int kTrunkChannels = 64;
inline constexpr int kNumScales = 64;
inline constexpr int kMaxHyper = 15;
inline constexpr int kMaxLatent = 8191;

enum class Phase : uint8_t { kEven, kOdd, kAll };

// Which latents one step codes.
struct Step {
  int first;  // channel
  int count;
  Phase phase;

  // First column of row y that belongs to the step, and the distance to the next.
  int FirstColumn(int y) const {
    return phase == Phase::kAll ? 0 : ((y & 1) ^ (phase == Phase::kOdd ? 1 : 0));
  }
  int ColumnStep() const { return phase == Phase::kAll ? 1 : 2; }
};

inline constexpr int kNumSteps = 5;
inline constexpr std::array<Step, kNumSteps> kSteps = {{
    {0, 32, Phase::kEven},
    {0, 32, Phase::kOdd},
    {32, 64, Phase::kEven},
    {32, 64, Phase::kOdd},
    {96, 160, Phase::kAll},
}};

// T of docs/vae.md: magnitudes compressed to 7 bits.
uint8_t Compand(int magnitude);

// Calls body(y, x) for the positions of a step in coding order.
template <typename Body>
void ForEachPosition(const Step& step, int height, int width, const Body& body) {
  for (int y = 0; y < height; ++y) {
    for (int x = step.FirstColumn(y); x < width; x += step.ColumnStep()) body(y, x);
  }
}

// The scale indices of a step in coding order: positions row by row, channels
// innermost. `scale` is the u7 output of the step's graph.
void GatherScaleIndices(const Step& step, const nn::Tensor& scale, std::vector<uint8_t>* indices);

// Dequantization constants of one frame.
struct Dequantizer {
  std::span<const uint16_t> steps;  // [256], Delta in 1/16, 32..4095
  std::span<const uint8_t> shrink;  // [64][2], 1/64 step

  // `v64` = (64 q - sign(q) * shrink + mean), any int32.
  static int16_t Latent(int32_t v64, int delta);
};

// Writes what the symbols of a step mean: their latents, and the context that
// the next graph gets (zero outside the step's positions). `q` and `indices`
// are in coding order.
void ScatterSymbols(const Step& step, std::span<const int16_t> q, std::span<const uint8_t> indices,
                    const nn::Tensor& mean, const Dequantizer& dequantizer, nn::Tensor* latent,
                    nn::Tensor* context);

}  // namespace furl::vae

#endif  // FURL_CODEC_FAMILIES_VAE_VAE_SYMBOLS_H_
