#include "codec/families/squeeze/squeeze_family.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "codec/families/squeeze/frame_codec.h"
#include "codec/latents/plane_offsets.h"
#include "codec/latents/predicted.h"
#include "codec/latents/symbol_accounts.h"
#include "entropy/symbol_coder.h"

namespace furl::squeeze {
namespace {

// Groups of symbols (layout.h), from coarse to fine.
const std::string kGroupNames[kGroups] = {"bottleneck 1", "bottleneck 2", "bottleneck 3",
                                          "bottleneck 4", "detail 1",     "detail 2",
                                          "detail 3"};

// What a frame says ahead of its tiles.
struct FrameSyntax {
  filter::FilterStrengths strengths = {};
  latents::PlaneOffsets offsets = {};
};

FrameSyntax ReadSyntax(const FrameNets& nets, RangeDecoder* side, FrameAnalysis* analysis) {
  FrameSyntax syntax;
  RangeMeter meter(*side, OpenBits(analysis, BitKind::kSide, "filter and offsets"));
  if (nets.loop_filter != nullptr) latents::CodeFilterStrengths(*side, &syntax.strengths);
  latents::CodePlaneOffsets(*side, &syntax.offsets);
  meter.ChargeWhole();
  return syntax;
}

// Symbols read from a stream, of tiles whose depths are known.
class StreamSource : public TileSource {
 public:
  // `analysis` may be null.
  StreamSource(const FrameNets& nets, const FrameState& state, RangeDecoder* side,
               std::span<const uint8_t> latents, FrameAnalysis* analysis)
      : nets_(nets), state_(state), side_(side), latents_(nets.law.tables, side, latents) {
    if (analysis != nullptr) accounts_.emplace(*nets.law.tables, kGroupNames, analysis);
  }

  void Next(const Tile& tile, const TileGrid& grid, TileSymbols* symbols) override {
    symbols->depth = state_.depths[static_cast<size_t>(tile.y) * state_.columns + tile.x];
    if (symbols->depth == 0) return;
    int own = 0;
    ForEachRun(nets_.layout(), [&](int first, int end) {
      const int context = grid.Context(tile.y, tile.x, first == 0 ? 0 : 1, own);
      uint8_t* const indices = symbols->indices.data();
      nets_.prior.FillIndices(tile.qp, symbols->depth, context, first, end, indices + first);
      latents_.DecodeBatch({indices + first, indices + end}, end - first,
                           symbols->q.data() + first);
      if (accounts_) Account(tile, *symbols, first, end);
      if (first > 0) return;
      own = ActivityOf(nets_.law.reconstruction(), indices, symbols->q.data(), first, end);
    });
  }

  Status Close() {
    FURL_RETURN_IF_ERROR(latents_.Close().WithContext("latents"));
    return side_->Close().WithContext("side information");
  }

 private:
  void Account(const Tile& tile, const TileSymbols& symbols, int first, int end) {
    const Layout& layout = nets_.layout();
    accounts_->Add({symbols.indices.data() + first, symbols.indices.data() + end},
                   symbols.q.data() + first, tile.x, tile.y, [&](int i) {
                     return std::pair(layout.GroupOf(first + i), layout.ChannelOf(first + i));
                   });
  }

  const FrameNets& nets_;
  const FrameState& state_;
  RangeDecoder* side_;
  SymbolDecoder latents_;
  std::optional<latents::SymbolAccounts> accounts_;  // where there is an analysis
};

// Reads a frame up to its latents.
Result<FrameSyntax> ReadFrame(const FrameNets& nets, const FrameTask& task, RangeDecoder* side,
                              std::span<const uint8_t> latents, FrameState* state) {
  FURL_RETURN_IF_ERROR(state->Prepare(nets));
  const FrameSyntax syntax = ReadSyntax(nets, side, task.analysis);
  BitAccount* const depths = OpenBits(task.analysis, BitKind::kSide, "depths");
  CodeDepths(*side, nets, task, state, RangeMeter(*side, depths));
  StreamSource source(nets, *state, side, latents, task.analysis);
  WalkTiles(nets, task, &source, state);
  FURL_RETURN_IF_ERROR(source.Close());
  return syntax;
}

}  // namespace

double SqueezeFamily::MacsPerPixel() const {
  return std::max(nn::MacsPerPixel(intra_->synthesis->graph()),
                  nn::MacsPerPixel(inter_->synthesis->graph()));
}

double SqueezeFamily::WorkPerPixel() const {
  return std::max(nn::WorkPerPixel(intra_->synthesis->graph()),
                  nn::WorkPerPixel(inter_->synthesis->graph()));
}

Result<std::unique_ptr<FamilyState>> SqueezeFamily::CreateState(int width, int height, int) const {
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameState> state, FrameState::Create(width, height));
  return std::unique_ptr<FamilyState>(std::move(state));
}

size_t SqueezeFamily::StateBytes(int width, int height, int) const {
  return FrameState::BytesOf(*intra_, *inter_, width, height);
}

Status SqueezeFamily::DecodeFrame(const FrameTask& task, RangeDecoder* side,
                                  std::span<const uint8_t> latents, FamilyState* state,
                                  FrameOutput* output) const {
  const FrameNets& nets = NetsOf(task.intra());
  auto* own = static_cast<FrameState*>(state);
  FURL_ASSIGN_OR_RETURN(const FrameSyntax syntax, ReadFrame(nets, task, side, latents, own));
  latents::PackPredicted(task, &own->pred12);
  Frame* const decoded = own->decoded.get();
  FURL_RETURN_IF_ERROR(Synthesize(task, own, decoded));
  latents::AddPlaneOffsets(*decoded, syntax.offsets, task.pool, decoded);
  own->filter.Run(nets.loop_filter.get(), task, *decoded, syntax.strengths, output->picture);
  if (task.analysis != nullptr && nets.loop_filter != nullptr) {
    FURL_ASSIGN_OR_RETURN(task.analysis->unfiltered, decoded->Copy());
  }
  return OkStatus();
}

Status SqueezeFamily::DecodeLatents(const FrameTask& task, RangeDecoder* side,
                                    std::span<const uint8_t> latents, FamilyState* state,
                                    nn::Tensor* out) const {
  auto* own = static_cast<FrameState*>(state);
  FURL_RETURN_IF_ERROR(ReadFrame(NetsOf(task.intra()), task, side, latents, own).status());
  return out->CopyFrom(own->latent);
}

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameNets> intra, LoadFrameNets(*model, "intra"));
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameNets> inter, LoadFrameNets(*model, "inter"));
  return FamilyPtr(
      std::make_shared<SqueezeFamily>(std::move(model), std::move(intra), std::move(inter)));
}

}  // namespace furl::squeeze
