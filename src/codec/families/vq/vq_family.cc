#include "codec/families/vq/vq_family.h"

#include <algorithm>
#include <utility>

#include "codec/families/vq/frame_codec.h"
#include "codec/latents/plane_offsets.h"

namespace furl::vq {
namespace {

// Entries read from a stream.
class StreamSource : public EntrySource {
 public:
  explicit StreamSource(RangeDecoder* side) : side_(side) {}

  int Next(const Slice& slice) override {
    if (!side_->DecodeBit(slice.significance)) return -1;
    law_.Set(slice.logits);
    return CodeCategorical(*side_, law_, 0);
  }

 private:
  RangeDecoder* side_;
  Categorical law_;
};

// Reads the entries of a frame into the state's latents.
Status ReadEntries(const FrameNets& nets, const FrameTask& task, RangeDecoder* side,
                   std::span<const uint8_t> latents, FrameState* state) {
  if (!latents.empty()) return InvalidStream("a section that the family doesn't have");
  FURL_RETURN_IF_ERROR(state->Prepare(nets));
  FURL_RETURN_IF_ERROR(SeePrediction(nets, task, state));
  StreamSource source(side);
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
  filter::FilterStrengths strengths = {};
  if (nets.loop_filter != nullptr) latents::CodeFilterStrengths(*side, &strengths);
  latents::PlaneOffsets offsets = {};
  latents::CodePlaneOffsets(*side, &offsets);
  FURL_RETURN_IF_ERROR(side->Close().WithContext("side information"));
  Frame* const decoded = own->decoded.get();
  FURL_RETURN_IF_ERROR(Synthesize(task, own, decoded));
  latents::AddPlaneOffsets(*decoded, offsets, task.pool, decoded);
  own->filter.Run(nets.loop_filter.get(), task, *decoded, strengths, output->picture);
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
