// The encoder's choice of a tile's symbols: how deep to code it, and with which numbers.

#ifndef FURL_CODEC_FAMILIES_SQUEEZE_ENCODE_TILE_QUANTIZER_H_
#define FURL_CODEC_FAMILIES_SQUEEZE_ENCODE_TILE_QUANTIZER_H_

#include <array>
#include <cstdint>
#include <vector>

#include "codec/families/squeeze/encode/prior_statistics.h"
#include "codec/families/squeeze/frame_codec.h"
#include "codec/latents/encode/symbol_counts.h"
#include "codec/latents/encode/trellis.h"
#include "entropy/symbol_coder.h"

namespace furl::squeeze {

// Counts of a frame's symbols, where somebody wants them.
struct FrameCounts {
  latents::SymbolCounts symbols;
  PriorStatistics prior;
};

class TileQuantizer : public TileSource {
 public:
  // Borrows all; `latent` and `detail` are the analysis' outputs, `counts` may be null.
  TileQuantizer(const FrameNets& nets, const FrameTask& task, const nn::Tensor& latent,
                const nn::Tensor& detail, const FrameState& state, FrameCounts* counts);

  void Next(const Tile& tile, const TileGrid& grid, TileSymbols* symbols) override;

  // Writes what was chosen, in the order of the tiles, as SymbolEncoder::Finish does.
  std::vector<uint8_t> Finish(RangeEncoder* side) { return symbols_.Finish(side); }

 private:
  struct Attempt {
    TileSymbols symbols;
    int64_t cost = 0;  // in units of latents::SymbolCosts
    std::array<int, 2> contexts;
  };

  void Measure(const Tile& tile);
  // The deepest group with a latent that may be worth a symbol, plus 1; 0 if there is none.
  int LikelyDepth() const;
  int DepthOf(const TileSymbols& symbols) const;
  void Try(const Tile& tile, const TileGrid& grid, int depth, Attempt* attempt);
  int64_t CostOfRun(const TileSymbols& symbols, int first, int end) const;
  void Keep(const Tile& tile, const Attempt& attempt);

  const FrameNets& nets_;
  const nn::Tensor& latent_;
  const nn::Tensor& detail_;
  const FrameState& state_;
  FrameCounts* counts_;
  const latents::SymbolCosts costs_;
  SymbolEncoder symbols_;
  std::array<std::array<int64_t, kGroups + 1>, kDepthContexts> depth_costs_;
  std::array<int32_t, kMaxSymbols> distance64_;
  std::vector<int16_t> q_;
};

}  // namespace furl::squeeze

#endif  // FURL_CODEC_FAMILIES_SQUEEZE_ENCODE_TILE_QUANTIZER_H_
