#include "codec/families/vae/vae_family.h"

#include <algorithm>
#include <utility>

#include "codec/families/vae/vae_encode.h"
#include "codec/families/vae/vae_filter.h"
#include "codec/families/vae/vae_frame.h"
#include "codec/families/vae/vae_hyper.h"
#include "codec/families/vae/vae_model.h"
#include "entropy/symbol_coder.h"

namespace furl::vae {
namespace {

// Symbols read from a stream.
class StreamSource : public SymbolSource {
 public:
  StreamSource(const VaeHalf& half, RangeDecoder* side, std::span<const uint8_t> latents)
      : half_(half), side_(side), latents_(half.tables, side, latents) {}

  Status HyperLatent(nn::Tensor* z) override {
    CodeHyperLatent(*side_, half_, z);
    if (half_.loop_filter != nullptr) CodeFilterStrengths(*side_, &strengths_);
    return OkStatus();
  }
  const filter::FilterStrengths& strengths() const { return strengths_; }

  Status Symbols(int step, std::span<const uint8_t> indices, const Expectation&,
                 std::vector<int16_t>* q) override {
    q->resize(indices.size());
    latents_.DecodeBatch(indices, kSteps[step].count, q->data());
    return OkStatus();
  }

  Status Close() { return latents_.Close(); }

 private:
  const VaeHalf& half_;
  RangeDecoder* side_;
  SymbolDecoder latents_;
  filter::FilterStrengths strengths_ = {};
};

class VaeFamily : public Family {
 public:
  VaeFamily(model::ModelPtr model, std::unique_ptr<VaeHalf> intra, std::unique_ptr<VaeHalf> inter,
            FrameObserver observer)
      : Family(std::move(model)),
        intra_(std::move(intra)),
        inter_(std::move(inter)),
        observer_(std::move(observer)) {}

  double MacsPerPixel() const override {
    return std::max(intra_->decoder_macs_per_pixel, inter_->decoder_macs_per_pixel);
  }

  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override {
    FURL_ASSIGN_OR_RETURN(std::unique_ptr<VaeState> state, VaeState::Create(width, height));
    return std::unique_ptr<FamilyState>(std::move(state));
  }

  Status EncodeFrame(const FrameTask& task, const FamilyEncodeOptions& options,
                     const Frame& original, FamilyState* state, RangeEncoder* side,
                     std::vector<uint8_t>* latents, Frame* reconstruction) const override {
    return EncodeVaeFrame(Half(task), task, options, original, observer_,
                          static_cast<VaeState*>(state), side, latents, reconstruction);
  }

  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, Frame* reconstruction) const override {
    const VaeHalf& half = Half(task);
    StreamSource source(half, side, latents);
    VaeState* vae = static_cast<VaeState*>(state);
    vae->Release(!task.intra());
    FURL_ASSIGN_OR_RETURN(Frame* const decoded, vae->Decoded(0));
    FURL_RETURN_IF_ERROR(ReconstructFrame(half, task, vae, &source, decoded));
    FilterFrame(half, task, *decoded, source.strengths(), vae, reconstruction);
    if (task.intra()) vae->Release(true);
    FURL_RETURN_IF_ERROR(source.Close().WithContext("latents"));
    return side->Close().WithContext("side information");
  }

 private:
  const VaeHalf& Half(const FrameTask& task) const { return task.intra() ? *intra_ : *inter_; }

  std::unique_ptr<VaeHalf> intra_;
  std::unique_ptr<VaeHalf> inter_;
  const FrameObserver observer_;  // may be null
};

}  // namespace

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  return CreateObservedFamily(std::move(model), nullptr);
}

Result<FamilyPtr> CreateObservedFamily(model::ModelPtr model, FrameObserver observer) {
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<VaeHalf> intra, LoadVaeHalf(*model, "intra"));
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<VaeHalf> inter, LoadVaeHalf(*model, "inter"));
  return FamilyPtr(std::make_shared<VaeFamily>(std::move(model), std::move(intra), std::move(inter),
                                               std::move(observer)));
}

}  // namespace furl::vae
