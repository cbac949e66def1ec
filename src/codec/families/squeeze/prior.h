// The factorized prior: a scale for every latent from tables alone, shifted by how deep the tile
// is coded and by how much its neighbours hold (docs/squeeze.md, "Prior").

#ifndef FURL_CODEC_FAMILIES_SQUEEZE_PRIOR_H_
#define FURL_CODEC_FAMILIES_SQUEEZE_PRIOR_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "codec/families/squeeze/layout.h"
#include "entropy/adaptive_symbols.h"
#include "image/coding_scales.h"

namespace furl::squeeze {

inline constexpr int kQpKnots = 9;        // scales are given at QP 0, 8, ... 64
inline constexpr int kQpBands = 8;        // of 8 QPs
inline constexpr int kContexts = 6;       // how much is around a tile
inline constexpr int kDepthContexts = 5;  // how deep the neighbours are coded
inline constexpr int kLow = 16;           // first latents, predicted from those around
inline constexpr int kNeighbours = 4;     // left, above, above left, above right

using DepthModel = TreeModel<kGroups + 1>;

// The tables of a part of a model. Scales count in half indices of SymbolTables: a standard
// deviation of 2^(-3.5 + 0.1 s) quantizer steps.
struct PriorTables {
  std::vector<uint8_t> scales;   // [kQpKnots][channels], 0..127
  std::vector<int8_t> shifts;    // [kQpBands][kGroups][depth - 1][kContexts]
  std::vector<uint16_t> depths;  // [kQpBands][kDepthContexts][kGroups]: P(0) of a tree's nodes 1..
  std::vector<int8_t> low;       // [kLow][kNeighbours][kLow], 1/128
};

inline constexpr int kShiftsPerBand = kGroups * kGroups * kContexts;
inline constexpr int kDepthsPerBand = kDepthContexts * kGroups;

constexpr int BandOf(int qp) { return ModelQp(qp) >> 3; }

// Index of a shift within its band; `depth` is 1 or more.
constexpr int ShiftIndex(int group, int depth, int context) {
  return (group * kGroups + depth - 1) * kContexts + context;
}

// How much is coded in a tile: sums of magnitudes in half steps, of bottleneck and detail.
struct TileActivity {
  uint16_t held[2] = {0, 0};
};

// The context of so many half steps around a tile.
constexpr int ContextOf(int sum) {
  const int bits = static_cast<int>(std::bit_width(static_cast<unsigned>(sum)));
  return std::min((bits + 1) / 2, kContexts - 1);
}

using TilePosition = std::pair<int, int>;  // y, x
using TilePositions = std::array<TilePosition, kNeighbours>;

// Left, above, above left and above right of a tile, each with the nearest known one where it is
// outside. False for the first tile, which has none.
bool FindNeighbours(int columns, int y, int x, TilePositions* around);

// The tiles of a frame as far as they are known.
class TileGrid {
 public:
  void Reset(int rows, int columns) {
    columns_ = columns;
    tiles_.assign(static_cast<size_t>(rows) * columns, TileActivity());
  }

  TileActivity& At(int y, int x) { return tiles_[static_cast<size_t>(y) * columns_ + x]; }
  const TileActivity& At(int y, int x) const {
    return tiles_[static_cast<size_t>(y) * columns_ + x];
  }

  // `kind` 0: bottleneck; 1: detail, of a tile that holds `own` half steps in its bottleneck.
  int Context(int y, int x, int kind, int own) const;

 private:
  int columns_ = 0;
  std::vector<TileActivity> tiles_;
};

// The context of a tile's depth; `depths` holds those of all tiles before, row by row.
int DepthContext(const std::vector<uint8_t>& depths, int columns, int y, int x);

class Prior {
 public:
  // Tables of the sizes above.
  Prior(const Layout& layout, PriorTables tables);

  const Layout& layout() const { return layout_; }
  const PriorTables& tables() const { return tables_; }

  // The start models of depths in a frame of that QP, by context.
  std::array<DepthModel, kDepthContexts> DepthModels(int qp) const;

  // Scale of a symbol in a tile of that QP and depth, in half indices, 2..127.
  int Scale(int qp, int symbol, int depth, int context) const {
    const int group = layout_.GroupOf(symbol);
    const int shift =
        tables_.shifts[BandOf(qp) * kShiftsPerBand + ShiftIndex(group, depth, context)];
    return std::clamp(Row(qp)[layout_.ChannelOf(symbol)] + shift, 2, 127);
  }
  // Indices of the symbols [first, end) of such a tile into `out`; 0 behind its depth.
  void FillIndices(int qp, int depth, int context, int first, int end, uint8_t* out) const;

  // The first latents expected from those of the neighbours, each [kLow].
  void PredictLow(const std::array<const int16_t*, kNeighbours>& around, int16_t* out) const;

 private:
  const int16_t* Row(int qp) const {
    return rows_.data() + static_cast<size_t>(qp - kMinQp) * layout_.channels();
  }

  Layout layout_;
  PriorTables tables_;
  std::vector<int16_t> rows_;  // [kQpRange][channels]: scales of every QP, unclamped
};

}  // namespace furl::squeeze

#endif  // FURL_CODEC_FAMILIES_SQUEEZE_PRIOR_H_
