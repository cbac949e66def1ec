#include "codec/families/vq/vq_family.h"

#include <algorithm>
#include <string>
#include <utility>

#include "codec/families/vq/frame_codec.h"
#include "codec/latents/plane_offsets.h"

namespace furl::vq {
namespace {

// Entries read from a stream.
class StreamSource : public EntrySource {
 public:
  // `analysis` may be null.
  StreamSource(RangeDecoder* side, FrameAnalysis* analysis) : side_(side), analysis_(analysis) {}

  int Next(const Slice& slice) override {
    if (analysis_ != nullptr) return Analyse(slice);
    return Read(slice);
  }

 private:
  int Read(const Slice& slice) {
    if (!side_->DecodeBit(slice.significance)) return -1;
    law_.Set(slice.logits);
    return CodeCategorical(*side_, law_, 0);
  }

  int Analyse(const Slice& slice) {
    FrameAccount* const account = AccountOf(slice);
    const int size = slice.grid.top ? 16 : 8;
    account->expected->Add(slice.x * size, slice.y * size, size, ExpectedCost(slice));
    const uint64_t before = side_->Position();
    const int entry = Read(slice);
    const uint64_t cost = side_->Position() - before;
    account->bits.Add(slice.x * size, slice.y * size, size, cost);
    if (entry >= 0) {
      const int block = slice.y * size / 16 * analysis_->cols + slice.x * size / 16;
      const int latent = (slice.grid.top ? 0 : kMaxSlices) + slice.slice;
      analysis_->fired.push_back({block, static_cast<uint16_t>(latent), static_cast<int16_t>(entry),
                                  static_cast<uint32_t>(cost)});
    }
    return entry;
  }

  // The entropy of whether there is an entry, and of which one where there is.
  uint64_t ExpectedCost(const Slice& slice) {
    law_.Set(slice.logits);
    uint64_t entry = 0;
    for (int i = 0; i < law_.symbols(); ++i) entry += uint64_t{law_.size(i)} * law_.Cost(i);
    entry >>= Categorical::kBits;
    const uint64_t zero = slice.significance->p_zero();
    const uint64_t one = AdaptiveBit::kOne - zero;
    return (zero * BitCost(*slice.significance, false) +
            one * (BitCost(*slice.significance, true) + entry)) /
           AdaptiveBit::kOne;
  }

  FrameAccount* AccountOf(const Slice& slice) {
    FrameAccount*& account = accounts_[slice.grid.top][slice.stage];
    if (account == nullptr) {
      const std::string name = (slice.grid.top ? "top grid, stage " : "bottom grid, stage ") +
                               std::to_string(slice.stage + 1);
      account = analysis_->Open(BitKind::kLatents, name);
      account->expected.emplace(analysis_->cols, analysis_->rows);
    }
    return account;
  }

  RangeDecoder* side_;
  FrameAnalysis* analysis_;
  FrameAccount* accounts_[2][kMaxStages] = {};  // of the bottom and the top grid
  Categorical law_;
};

// Reads the entries of a frame into the state's latents.
Status ReadEntries(const FrameNets& nets, const FrameTask& task, RangeDecoder* side,
                   std::span<const uint8_t> latents, FrameState* state) {
  if (!latents.empty()) return InvalidStream("a section that the family doesn't have");
  FURL_RETURN_IF_ERROR(state->Prepare(nets));
  FURL_RETURN_IF_ERROR(SeePrediction(nets, task, state));
  StreamSource source(side, task.analysis);
  FURL_RETURN_IF_ERROR(WalkGrids(nets, task, &source, state));
  return side->overrun() ? InvalidStream("entries end too early") : OkStatus();
}

}  // namespace

double VqFamily::MacsPerPixel() const {
  return std::max(intra_->macs_per_pixel, inter_->macs_per_pixel);
}

double VqFamily::WorkPerPixel() const {
  return std::max(intra_->work_per_pixel, inter_->work_per_pixel);
}

Result<std::unique_ptr<FamilyState>> VqFamily::CreateState(int width, int height, int) const {
  return std::unique_ptr<FamilyState>(std::make_unique<FrameState>(width, height));
}

size_t VqFamily::StateBytes(int width, int height, int) const {
  return FrameState::BytesOf(*intra_, *inter_, width, height);
}

Status VqFamily::DecodeFrame(const FrameTask& task, RangeDecoder* side,
                             std::span<const uint8_t> latents, FamilyState* state,
                             FrameOutput* output) const {
  const FrameNets& nets = NetsOf(task.intra());
  auto* own = static_cast<FrameState*>(state);
  FURL_RETURN_IF_ERROR(ReadEntries(nets, task, side, latents, own));
  RangeMeter meter(*side, OpenBits(task.analysis, BitKind::kSide, "filter and offsets"));
  filter::FilterStrengths strengths = {};
  if (nets.loop_filter != nullptr) latents::CodeFilterStrengths(*side, &strengths);
  latents::PlaneOffsets offsets = {};
  latents::CodePlaneOffsets(*side, &offsets);
  meter.ChargeWhole();
  FURL_RETURN_IF_ERROR(side->Close().WithContext("side information"));
  Frame* const decoded = own->decoded.get();
  FURL_RETURN_IF_ERROR(Synthesize(task, own, decoded));
  latents::AddPlaneOffsets(*decoded, offsets, task.pool, decoded);
  own->filter.Run(nets.loop_filter.get(), task, *decoded, strengths, output->picture);
  if (task.analysis != nullptr && nets.loop_filter != nullptr) {
    FURL_ASSIGN_OR_RETURN(task.analysis->unfiltered, decoded->Copy());
  }
  return OkStatus();
}

Status VqFamily::DecodeLatents(const FrameTask& task, RangeDecoder* side,
                               std::span<const uint8_t> latents, FamilyState* state,
                               nn::Tensor* out) const {
  auto* own = static_cast<FrameState*>(state);
  FURL_RETURN_IF_ERROR(ReadEntries(NetsOf(task.intra()), task, side, latents, own));
  return out->CopyFrom(own->top.latent);
}

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameNets> intra, LoadFrameNets(*model, "intra"));
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameNets> inter, LoadFrameNets(*model, "inter"));
  return FamilyPtr(
      std::make_shared<VqFamily>(std::move(model), std::move(intra), std::move(inter)));
}

}  // namespace furl::vq
