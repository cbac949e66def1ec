#include "codec/families/squeeze/prior.h"

#include "base/checked_math.h"

namespace furl::squeeze {
namespace {

constexpr int kConfidence = 20;  // of the start models of depths

// The scale of a channel between two knots; beyond the model's QPs a step is a tenth of an octave.
int ScaleAt(const PriorTables& tables, int channels, int qp, int channel) {
  const int model_qp = ModelQp(qp);
  const uint8_t* knot = tables.scales.data() + (model_qp >> 3) * channels + channel;
  const int part = model_qp & 7;
  const int scale = (knot[0] * (8 - part) + knot[channels] * part + 4) >> 3;
  return scale - (qp - model_qp);
}

}  // namespace

bool FindNeighbours(int columns, int y, int x, TilePositions* around) {
  if (y == 0 && x == 0) return false;
  const TilePosition above = {y - 1, x};
  const TilePosition left = x > 0 ? TilePosition{y, x - 1} : above;
  if (y == 0) {
    around->fill(left);
    return true;
  }
  *around = {left, above, x > 0 ? TilePosition{y - 1, x - 1} : above,
             x + 1 < columns ? TilePosition{y - 1, x + 1} : above};
  return true;
}

int TileGrid::Context(int y, int x, int kind, int own) const {
  TilePositions around;
  if (!FindNeighbours(columns_, y, x, &around)) return kContexts / 2;
  const auto held = [&](int i) { return At(around[i].first, around[i].second).held[kind]; };
  const int near = held(0) + held(1);
  return ContextOf(kind == 0 ? near + (held(2) + held(3)) / 2 : near + own);
}

int DepthContext(const std::vector<uint8_t>& depths, int columns, int y, int x) {
  TilePositions around;
  if (!FindNeighbours(columns, y, x, &around)) return kDepthContexts / 2;
  int sum = 0;
  for (int i = 0; i < 2; ++i) {
    sum += depths[static_cast<size_t>(around[i].first) * columns + around[i].second];
  }
  return std::min((sum + 2) / 3, kDepthContexts - 1);
}

Prior::Prior(const Layout& layout, PriorTables tables)
    : layout_(layout), tables_(std::move(tables)) {
  for (int qp = kMinQp; qp <= kMaxQp; ++qp) {
    for (int c = 0; c < layout.channels(); ++c) {
      rows_.push_back(static_cast<int16_t>(ScaleAt(tables_, layout.channels(), qp, c)));
    }
  }
}

std::array<DepthModel, kDepthContexts> Prior::DepthModels(int qp) const {
  std::array<DepthModel, kDepthContexts> models;
  const uint16_t* start = tables_.depths.data() + BandOf(qp) * kDepthsPerBand;
  for (DepthModel& model : models) {
    for (int node = 1; node <= kGroups; ++node) {
      model.node[node] = AdaptiveBit(*start++, kConfidence);
    }
  }
  return models;
}

void Prior::FillIndices(int qp, int depth, int context, int first, int end, uint8_t* out) const {
  const int coded = depth == 0 ? first : std::clamp(layout_.GroupEnd(depth - 1), first, end);
  int i = first;
  for (; i < coded; ++i) *out++ = static_cast<uint8_t>(Scale(qp, i, depth, context) >> 1);
  for (; i < end; ++i) *out++ = 0;
}

void Prior::PredictLow(const std::array<const int16_t*, kNeighbours>& around, int16_t* out) const {
  constexpr int kShift = 7;
  const int8_t* w = tables_.low.data();
  for (int c = 0; c < kLow; ++c) {
    int32_t sum = 0;
    for (const int16_t* latents : around) {
      for (int k = 0; k < kLow; ++k) sum += *w++ * latents[k];
    }
    out[c] = static_cast<int16_t>(Clamp(RoundShift(sum, kShift), -kMaxLatent, kMaxLatent));
  }
}

}  // namespace furl::squeeze
