// Symbols of hyperprior codecs: the order in which the latents of a frame are
// coded, and the integer maps between symbols, latents and network inputs
// (docs/hyperprior.md, "Latents").

#ifndef FURL_CODEC_HYPERPRIOR_LATENT_SYMBOLS_H_
#define FURL_CODEC_HYPERPRIOR_LATENT_SYMBOLS_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "codec/hyperprior/local_steps.h"
#include "codec/latents/reconstruction.h"
#include "nn/tensor.h"

namespace furl::hyperprior {

inline constexpr int kLatentChannels = 384;
inline constexpr int kLowChannels = 16;  // of group 0, from which neighbours are predicted
inline constexpr int kHyperChannels = 32;
inline constexpr int kTrunkChannels = 64;
inline constexpr int kMaxHyper = 15;
inline constexpr int kMaxLatent = 8191;

// Positions of the latent grid: rows and columns both even, both odd, their sum
// even, their sum odd, all. kCorner and kCenter together are kEven.
enum class Phase : uint8_t { kCorner, kCenter, kEven, kOdd, kAll };

// Which latents one pass codes.
struct Pass {
  int first;  // channel
  int count;
  Phase phase;

  // The pass gets the low latents decoded so far and predicts its own from them.
  bool predicted;

  // First row that belongs to the pass, and the distance to the next.
  constexpr int FirstRow() const { return phase == Phase::kCenter ? 1 : 0; }
  constexpr int RowStep() const { return phase <= Phase::kCenter ? 2 : 1; }
  // First column of row y that belongs to the pass, and the distance to the next.
  constexpr int FirstColumn(int y) const {
    return phase == Phase::kAll ? 0 : ((y & 1) ^ (phase == Phase::kOdd ? 1 : 0));
  }
  constexpr int ColumnStep() const { return phase == Phase::kAll ? 1 : 2; }

  constexpr bool Includes(int y, int x) const {
    const bool row = RowStep() == 1 || (y & 1) == FirstRow();
    return row && (phase == Phase::kAll || (x & 1) == FirstColumn(y));
  }
};

inline constexpr int kNumPasses = 9;
inline constexpr int kMaxPassChannels = 144;
inline constexpr std::array<Pass, kNumPasses> kPasses = {{
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

static_assert(std::all_of(kPasses.begin(), kPasses.end(),
                          [](const Pass& pass) { return pass.count <= kMaxPassChannels; }));

// T of docs/hyperprior.md: magnitudes 0..32767 compressed to 7 bits.
inline uint8_t Compand(int magnitude) { return CompandLocal(2 * magnitude, 0); }

// Calls body(y, x) for the positions of a pass in coding order.
template <typename Body>
void ForEachPosition(const Pass& pass, int height, int width, const Body& body) {
  for (int y = pass.FirstRow(); y < height; y += pass.RowStep()) {
    for (int x = pass.FirstColumn(y); x < width; x += pass.ColumnStep()) body(y, x);
  }
}

// The scale indices of a pass in coding order: positions row by row, channels
// innermost. `scale` is the u7 output of the pass's graph.
void GatherScaleIndices(const Pass& pass, const nn::Tensor& scale, std::vector<uint8_t>* indices);

// Dequantization constants of one frame.
struct Dequantizer {
  LocalSteps steps;
  latents::Reconstruction reconstruction;

  // `v64` = (sign(q) * Magnitude64 + mean), any int32; `offset` in latent units.
  static int16_t Latent(int32_t v64, int delta, int offset);
};

// Outputs of a pass's graph that say where its latents are expected.
struct Expectation {
  const nn::Tensor* mean;    // 1/64 step
  const nn::Tensor* offset;  // latent units; nullptr in passes that aren't predicted

  // The offsets of a position, or zeros.
  const int16_t* OffsetsAt(int y, int x) const;
};

// Writes what the symbols of a pass mean (expectations in local steps): their latents, and, where
// `context` isn't nullptr, the context that the next graph gets (zero outside the pass's
// positions). `q` and `indices` are in coding order.
void ScatterSymbols(const Pass& pass, std::span<const int16_t> q, std::span<const uint8_t> indices,
                    const Expectation& expected, const Dequantizer& dequantizer, nn::Tensor* latent,
                    nn::Tensor* context);

// Copies the latents of group 0 at the pass's positions to `low`.
void CopyLowLatents(const Pass& pass, const nn::Tensor& latent, nn::Tensor* low);

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_LATENT_SYMBOLS_H_
