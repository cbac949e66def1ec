#include "codec/families/squeeze/frame_codec.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked_math.h"
#include "codec/common/pack.h"
#include "codec/latents/position_qps.h"
#include "codec/latents/predicted.h"
#include "entropy/dependent_quantizer.h"

namespace furl::squeeze {
namespace {

using nn::Format;

// The quantizer of each symbol of a run, by the states that lead there.
template <typename Body>
void ForEachQuantized(const latents::Reconstruction& reconstruction, const uint8_t* indices,
                      const int16_t* q, int first, int end, const Body& body) {
  QuantizerState state;
  for (int i = first; i < end; ++i) {
    if (indices[i] == 0) continue;
    if (q[i] != 0) body(i, state.quantizer());
    if (reconstruction.quantizers > 1) state = state.After(q[i]);
  }
}

int16_t LatentOf(int64_t v64, int delta, int unit, int expected) {
  const int64_t v = Clamp<int64_t>(v64, -(1 << 18), (1 << 18) - 1);
  return static_cast<int16_t>(
      Clamp<int64_t>(((v * delta * unit + 512) >> 10) + expected, -kMaxLatent, kMaxLatent));
}

// The places of a tile's latents.
struct TilePlace {
  int16_t* bottleneck;
  int16_t* detail[kQuarters];
};

void WriteLatents(const FrameNets& nets, const Tile& tile, const TileSymbols& symbols,
                  const TilePlace& place) {
  const Layout& layout = nets.layout();
  std::fill_n(place.bottleneck, layout.bottleneck(), int16_t{0});
  std::copy(tile.expected.begin(), tile.expected.end(), place.bottleneck);
  for (int16_t* quarter : place.detail) std::fill_n(quarter, layout.detail(), int16_t{0});
  if (symbols.depth == 0) return;
  const int delta = nets.StepAt(tile.qp);
  const latents::Reconstruction reconstruction = nets.law.reconstruction();
  ForEachRun(layout, [&](int first, int end) {
    ForEachQuantized(
        reconstruction, symbols.indices.data(), symbols.q.data(), first, end,
        [&](int i, int quantizer) {
          const int q = symbols.q[i];
          const int m = reconstruction.Magnitude64(quantizer, symbols.indices[i], std::abs(q));
          const int v64 = q < 0 ? -m : m;
          if (i < layout.bottleneck()) {
            int16_t& latent = place.bottleneck[i];
            latent = LatentOf(v64, delta, kBottleneckUnit, latent);
          } else {
            const int k = i - layout.bottleneck();
            place.detail[k % kQuarters][k / kQuarters] = LatentOf(v64, delta, kDetailUnit, 0);
          }
        });
  });
}

// Most bytes of tensors that both kinds of frames need for these widths.
uint64_t TensorBytes(const Layout& layout, int rows, int columns) {
  return nn::Tensor::BytesOf(Format::kS16, rows, columns, layout.bottleneck()) +
         nn::Tensor::BytesOf(Format::kS16, 2 * rows, 2 * columns, layout.detail()) +
         nn::Tensor::BytesOf(Format::kS16, 2 * rows, 2 * columns, kPackedChannels) * 2;
}

}  // namespace

FrameState::FrameState(int w, int h)
    : width(w), height(h), rows(CeilDiv(h, 16)), columns(CeilDiv(w, 16)) {}

Result<std::unique_ptr<FrameState>> FrameState::Create(int width, int height) {
  return std::unique_ptr<FrameState>(new FrameState(width, height));
}

size_t FrameState::BytesOf(const FrameNets& intra, const FrameNets& inter, int width, int height) {
  const int rows = CeilDiv(height, 16);
  const int columns = CeilDiv(width, 16);
  uint64_t most = 0;
  for (const FrameNets* nets : {&intra, &inter}) {
    most = std::max(most, TensorBytes(nets->layout(), rows, columns) +
                              nn::PlanState::BytesOf(*nets->synthesis, rows, columns));
  }
  const uint64_t tiles = uint64_t{static_cast<unsigned>(rows)} * columns;
  return most + tiles * (sizeof(TileActivity) + 1) + sizeof(FrameState) +
         Frame::BytesOf(width, height, filter::kFilterBorder);
}

Status FrameState::Prepare(const FrameNets& nets) {
  const Layout& layout = nets.layout();
  FURL_RETURN_IF_ERROR(latent.Reshape(Format::kS16, rows, columns, layout.bottleneck()));
  FURL_RETURN_IF_ERROR(detail.Reshape(Format::kS16, 2 * rows, 2 * columns, layout.detail()));
  for (nn::Tensor* t : {&pred12, &packed}) {
    FURL_RETURN_IF_ERROR(t->Reshape(Format::kS16, 2 * rows, 2 * columns, kPackedChannels));
  }
  if (decoded == nullptr) {
    FURL_ASSIGN_OR_RETURN(decoded,
                          Frame::Create(width, height, kSampleBits, filter::kFilterBorder));
  }
  if (plan_ == nets.synthesis.get()) return OkStatus();
  synthesis.reset();
  plan_ = nullptr;
  FURL_ASSIGN_OR_RETURN(synthesis, nn::PlanState::Create(nets.synthesis, rows, columns));
  plan_ = nets.synthesis.get();
  return OkStatus();
}

int ActivityOf(const latents::Reconstruction& reconstruction, const uint8_t* indices,
               const int16_t* q, int first, int end) {
  int64_t sum = 0;
  ForEachQuantized(reconstruction, indices, q, first, end, [&](int i, int quantizer) {
    sum += QuantizerState::HalfSteps(quantizer, std::abs(q[i]));
  });
  return static_cast<int>(std::min<int64_t>(sum, UINT16_MAX));
}

void WalkTiles(const FrameNets& nets, const FrameTask& task, TileSource* source,
               FrameState* state) {
  const Layout& layout = nets.layout();
  const latents::Reconstruction reconstruction = nets.law.reconstruction();
  state->grid.Reset(state->rows, state->columns);
  state->depths.resize(static_cast<size_t>(state->rows) * state->columns);
  const latents::PositionQps qps(task, 16);
  TileSymbols symbols;
  for (int y = 0; y < state->rows; ++y) {
    for (int x = 0; x < state->columns; ++x) {
      Tile tile = {y, x, qps.At(y, x), {}};
      TilePositions around;
      if (FindNeighbours(state->columns, y, x, &around)) {
        std::array<const int16_t*, kNeighbours> low;
        for (int i = 0; i < kNeighbours; ++i) {
          low[i] = state->latent.S16(around[i].first, around[i].second);
        }
        nets.prior.PredictLow(low, tile.expected.data());
      }
      symbols.depth = 0;
      if (IsCoded(task, y, x)) source->Next(tile, state->grid, &symbols);
      const TilePlace place = {
          state->latent.S16(y, x),
          {state->detail.S16(2 * y, 2 * x), state->detail.S16(2 * y, 2 * x + 1),
           state->detail.S16(2 * y + 1, 2 * x), state->detail.S16(2 * y + 1, 2 * x + 1)}};
      WriteLatents(nets, tile, symbols, place);
      TileActivity& activity = state->grid.At(y, x);
      state->depths[static_cast<size_t>(y) * state->columns + x] =
          static_cast<uint8_t>(symbols.depth);
      if (symbols.depth == 0) continue;
      ForEachRun(layout, [&](int first, int end) {
        uint16_t& held = activity.held[first == 0 ? 0 : 1];
        const int sum =
            held + ActivityOf(reconstruction, symbols.indices.data(), symbols.q.data(), first, end);
        held = static_cast<uint16_t>(std::min(sum, int{UINT16_MAX}));
      });
    }
  }
}

Status Synthesize(const FrameTask& task, FrameState* state, Frame* decoded) {
  FURL_RETURN_IF_ERROR(state->synthesis->Run(ModelQp(task.qp),
                                             {&state->latent, &state->detail, &state->pred12},
                                             {&state->packed}, task.pool));
  UnpackPicture(state->packed, task.pool, decoded);
  if (task.samples != nullptr) task.samples->Overlay(decoded);
  decoded->ExtendBorder();
  return OkStatus();
}

}  // namespace furl::squeeze
