#include "codec/families/squeeze/encode/tile_quantizer.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "codec/latents/encode/quantizer.h"
#include "entropy/dependent_quantizer.h"

namespace furl::squeeze {
namespace {

// Distances below this, in 1/64 step, alone make no group worth coding.
constexpr int kLikely = 38;

// The costs of all depths with the start models of a frame.
std::array<std::array<int64_t, kGroups + 1>, kDepthContexts> DepthCosts(const FrameNets& nets,
                                                                        int qp) {
  std::array<std::array<int64_t, kGroups + 1>, kDepthContexts> costs;
  auto models = nets.prior.DepthModels(qp);
  for (int context = 0; context < kDepthContexts; ++context) {
    for (int depth = 0; depth <= kGroups; ++depth) {
      CostCounter counter;
      CodeTree(counter, models[context], depth);
      costs[context][depth] =
          latents::SymbolCosts::kBitsWeight * static_cast<int64_t>(counter.cost);
    }
  }
  return costs;
}

}  // namespace

TileQuantizer::TileQuantizer(const FrameNets& nets, const FrameTask& task, const nn::Tensor& latent,
                             const nn::Tensor& detail, const FrameState& state, FrameCounts* counts)
    : nets_(nets),
      latent_(latent),
      detail_(detail),
      state_(state),
      counts_(counts),
      costs_(*nets.law.tables, nets.law.reconstruction()),
      symbols_(nets.law.tables),
      depth_costs_(DepthCosts(nets, task.qp)) {}

void TileQuantizer::Measure(const Tile& tile) {
  const Layout& layout = nets_.layout();
  const int delta = nets_.StepAt(tile.qp);
  const int16_t* latent = latent_.S16(tile.y, tile.x);
  int32_t* out = distance64_.data();
  for (int c = 0; c < layout.bottleneck(); ++c) {
    const int expected = c < kLow ? tile.expected[c] : 0;
    *out++ = (latent[c] - expected) * 1024 / (delta * kBottleneckUnit);
  }
  const int16_t* const quarters[kQuarters] = {
      detail_.S16(2 * tile.y, 2 * tile.x), detail_.S16(2 * tile.y, 2 * tile.x + 1),
      detail_.S16(2 * tile.y + 1, 2 * tile.x), detail_.S16(2 * tile.y + 1, 2 * tile.x + 1)};
  for (int c = 0; c < layout.detail(); ++c) {
    for (const int16_t* quarter : quarters) {
      *out++ = quarter[c] * 1024 / (delta * kDetailUnit);
    }
  }
}

int TileQuantizer::LikelyDepth() const {
  for (int i = nets_.layout().symbols() - 1; i >= 0; --i) {
    if (std::abs(distance64_[i]) >= kLikely) return nets_.layout().GroupOf(i) + 1;
  }
  return 0;
}

int TileQuantizer::DepthOf(const TileSymbols& symbols) const {
  if (symbols.depth == 0) return 0;
  for (int i = nets_.layout().GroupEnd(symbols.depth - 1) - 1; i >= 0; --i) {
    if (symbols.q[i] != 0) return nets_.layout().GroupOf(i) + 1;
  }
  return 0;
}

int64_t TileQuantizer::CostOfRun(const TileSymbols& symbols, int first, int end) const {
  const bool dependent = nets_.law.tables->quantizers() > 1;
  QuantizerState state;
  int64_t cost = 0;
  for (int i = first; i < end; ++i) {
    const int index = symbols.indices[i];
    if (index == 0) {
      cost += costs_.ErrorOf({distance64_[i], latents::kUnitWeight}, 0, 0, 0);
      continue;
    }
    cost +=
        costs_.Of({distance64_[i], latents::kUnitWeight}, state.quantizer(), index, symbols.q[i]);
    if (dependent) state = state.After(symbols.q[i]);
  }
  return cost;
}

void TileQuantizer::Try(const Tile& tile, const TileGrid& grid, int depth, Attempt* attempt) {
  TileSymbols& symbols = attempt->symbols;
  symbols.depth = depth;
  attempt->cost = depth_costs_[DepthContext(state_.depths, state_.columns, tile.y, tile.x)][depth];
  attempt->contexts = {0, 0};
  int own = 0;
  ForEachRun(nets_.layout(), [&](int first, int end) {
    uint8_t* const indices = symbols.indices.data();
    if (depth == 0) {
      std::fill(indices + first, indices + end, uint8_t{0});
      std::fill(symbols.q.begin() + first, symbols.q.begin() + end, int16_t{0});
    } else {
      const int kind = first == 0 ? 0 : 1;
      const int context = grid.Context(tile.y, tile.x, kind, own);
      attempt->contexts[kind] = context;
      nets_.prior.FillIndices(tile.qp, depth, context, first, end, indices + first);
      latents::QuantizeRuns(*nets_.law.tables, nets_.law.reconstruction(), {end - first},
                            {indices + first, indices + end},
                            {distance64_.data() + first, distance64_.data() + end},
                            /*optimize=*/true, &q_);
      std::copy(q_.begin(), q_.end(), symbols.q.begin() + first);
      if (first == 0) {
        own = ActivityOf(nets_.law.reconstruction(), indices, symbols.q.data(), first, end);
      }
    }
    attempt->cost += CostOfRun(symbols, first, end);
  });
}

void TileQuantizer::Keep(const Tile& tile, const Attempt& attempt) {
  const TileSymbols& symbols = attempt.symbols;
  if (counts_ != nullptr) {
    counts_->prior.AddDepth(tile.qp, DepthContext(state_.depths, state_.columns, tile.y, tile.x),
                            symbols.depth);
  }
  if (symbols.depth == 0) return;
  ForEachRun(nets_.layout(), [&](int first, int end) {
    const std::span<const uint8_t> indices(symbols.indices.data() + first, end - first);
    symbols_.AddBatch(indices, end - first, symbols.q.data() + first);
    if (counts_ == nullptr) return;
    const std::span<const int32_t> distances(distance64_.data() + first, end - first);
    counts_->symbols.Add(indices, end - first, {symbols.q.data() + first, indices.size()},
                         distances, nets_.law.tables->quantizers());
    counts_->prior.AddRun(nets_.prior, tile.qp, symbols.depth, attempt.contexts[first == 0 ? 0 : 1],
                          first, distances);
  });
}

void TileQuantizer::Next(const Tile& tile, const TileGrid& grid, TileSymbols* symbols) {
  Measure(tile);
  Attempt best;
  Try(tile, grid, 0, &best);
  Attempt other;
  int depth = LikelyDepth();
  // Groups that get no symbol are left out, then one more to see whether it is worth its bits.
  for (int tries = 0; depth > 0 && tries < 3; ++tries) {
    Try(tile, grid, depth, &other);
    const int used = DepthOf(other.symbols);
    if (other.cost < best.cost && used > 0) best = other;
    depth = std::min(used, depth - 1);
  }
  Keep(tile, best);
  *symbols = best.symbols;
}

}  // namespace furl::squeeze
