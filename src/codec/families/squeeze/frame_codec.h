// One frame of the squeeze family, both ways: the tiles in raster order, then the synthesis.
// Encoder and decoder run the same steps and differ only in where symbols come from.

#ifndef FURL_CODEC_FAMILIES_SQUEEZE_FRAME_CODEC_H_
#define FURL_CODEC_FAMILIES_SQUEEZE_FRAME_CODEC_H_

#include <array>
#include <memory>
#include <vector>

#include "codec/common/family.h"
#include "codec/families/squeeze/squeeze_nets.h"
#include "codec/latents/filter_step.h"

namespace furl::squeeze {

// What is coded of a tile.
struct TileSymbols {
  int depth = 0;                             // groups that are coded
  std::array<uint8_t, kMaxSymbols> indices;  // 0: nothing is coded
  std::array<int16_t, kMaxSymbols> q;        // 0 where the index is
};

// What is known of a tile before its symbols.
struct Tile {
  int y, x;
  int qp;
  std::array<int16_t, kLow> expected;  // the first latents, in their units
};

// Where the symbols of a frame come from: a stream, or the encoder's choice.
class TileSource {
 public:
  virtual ~TileSource() = default;
  // Fills `symbols` up to its depth; `grid` holds the tiles before.
  virtual void Next(const Tile& tile, const TileGrid& grid, TileSymbols* symbols) = 0;
};

// Working memory of one frame in flight.
class FrameState : public FamilyState {
 public:
  static Result<std::unique_ptr<FrameState>> Create(int width, int height);

  // Most bytes that a decoder's state of these networks holds.
  static size_t BytesOf(const FrameNets& intra, const FrameNets& inter, int width, int height);

  // Makes what frames of these networks need; gives back what only the other kind does.
  Status Prepare(const FrameNets& nets);

  const int width;
  const int height;
  const int rows;  // of tiles
  const int columns;

  nn::Tensor latent, detail;  // dequantized
  nn::Tensor pred12;
  nn::Tensor packed;  // residual on the way in, reconstruction on the way out
  TileGrid grid;
  std::vector<uint8_t> depths;  // of the tiles, row by row
  std::unique_ptr<nn::PlanState> synthesis;
  FramePtr decoded;  // before the loop filter: 12 bits, its border
  latents::FilterStep filter;

 protected:
  FrameState(int w, int h);

 private:
  const nn::Plan* plan_ = nullptr;  // of `synthesis`
};

// Whether a tile can have symbols: all but those inside of blocks in samples.
inline bool IsCoded(const FrameTask& task, int y, int x) {
  return task.samples == nullptr || !task.samples->At(x, y) || !task.samples->Inside(x, y);
}

// Codes the depths of all tiles that can have symbols; those of others are 0. A decoder's are
// overwritten. `meter` is charged for each.
template <typename Coder, typename Meter = NoMeter>
void CodeDepths(Coder& coder, const FrameNets& nets, const FrameTask& task, FrameState* state,
                Meter meter = {}) {
  auto models = nets.prior.DepthModels(task.qp);
  std::vector<uint8_t>& depths = state->depths;
  depths.resize(static_cast<size_t>(state->rows) * state->columns);
  for (int y = 0; y < state->rows; ++y) {
    for (int x = 0; x < state->columns; ++x) {
      uint8_t& depth = depths[static_cast<size_t>(y) * state->columns + x];
      if (!IsCoded(task, y, x)) {
        depth = 0;
        continue;
      }
      DepthModel& model = models[DepthContext(depths, state->columns, y, x)];
      depth = static_cast<uint8_t>(CodeTree(coder, model, depth));
      meter.Charge(16 * x, 16 * y, 16);
    }
  }
}

// Half steps that the symbols of a run stand for, summed, at most 65535. Runs are quantized
// dependently where there are two quantizers.
int ActivityOf(const latents::Reconstruction& reconstruction, const uint8_t* indices,
               const int16_t* q, int first, int end);

// Calls body(first, end) for the runs of a tile: the bottleneck, then the detail.
template <typename Body>
void ForEachRun(const Layout& layout, const Body& body) {
  body(0, layout.bottleneck());
  for (int first = layout.bottleneck(); first < layout.symbols(); first += kLongestRun) {
    body(first, std::min(first + kLongestRun, layout.symbols()));
  }
}

// Gets all tiles from `source` and writes their depths and latents to the state, prepared for these
// networks.
void WalkTiles(const FrameNets& nets, const FrameTask& task, TileSource* source, FrameState* state);

// The picture of the state's latents and its border, up to the loop filter, into `decoded` (12
// bits). The state's prediction is packed.
Status Synthesize(const FrameTask& task, FrameState* state, Frame* decoded);

}  // namespace furl::squeeze

#endif  // FURL_CODEC_FAMILIES_SQUEEZE_FRAME_CODEC_H_
