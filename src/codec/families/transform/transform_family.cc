#include "codec/families/transform/transform_family.h"

#include <algorithm>
#include <utility>

#include "codec/families/transform/transform_encode.h"
#include "codec/families/transform/transform_filter.h"
#include "codec/families/transform/transform_frame.h"
#include "codec/families/transform/transform_hyper.h"
#include "codec/families/transform/transform_nets.h"
#include "entropy/symbol_coder.h"

namespace furl::transform {
namespace {

// Symbols read from a stream.
class StreamSource : public SymbolSource {
 public:
  StreamSource(const FrameNets& nets, RangeDecoder* side, std::span<const uint8_t> latents)
      : nets_(nets), side_(side), latents_(nets.tables, side, latents) {}

  Status HyperLatent(nn::Tensor* z) override {
    CodeHyperLatent(*side_, nets_, z);
    if (nets_.loop_filter != nullptr) CodeFilterStrengths(*side_, &strengths_);
    return OkStatus();
  }
  const filter::FilterStrengths& strengths() const { return strengths_; }

  Status Symbols(int pass, std::span<const uint8_t> indices, const Expectation&,
                 std::vector<int16_t>* q) override {
    q->resize(indices.size());
    latents_.DecodeBatch(indices, kPasses[pass].count, q->data());
    return OkStatus();
  }

  Status Close() { return latents_.Close(); }

 private:
  const FrameNets& nets_;
  RangeDecoder* side_;
  SymbolDecoder latents_;
  filter::FilterStrengths strengths_ = {};
};

class TransformFamily : public Family {
 public:
  TransformFamily(model::ModelPtr model, std::unique_ptr<FrameNets> intra,
                  std::unique_ptr<FrameNets> inter, FrameObserver observer)
      : Family(std::move(model)),
        intra_(std::move(intra)),
        inter_(std::move(inter)),
        observer_(std::move(observer)) {}

  double MacsPerPixel() const override {
    return std::max(intra_->decoder_macs_per_pixel, inter_->decoder_macs_per_pixel);
  }

  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override {
    FURL_ASSIGN_OR_RETURN(std::unique_ptr<TransformState> state,
                          TransformState::Create(width, height));
    return std::unique_ptr<FamilyState>(std::move(state));
  }

  Status EncodeFrame(const FrameTask& task, const FamilyEncodeOptions& options,
                     const Frame& original, FamilyState* state, RangeEncoder* side,
                     std::vector<uint8_t>* latents, Frame* reconstruction) const override {
    return EncodeTransformFrame(NetsOf(task), task, options, original, observer_,
                                static_cast<TransformState*>(state), side, latents, reconstruction);
  }

  Status DecodeFrame(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                     FamilyState* state, Frame* reconstruction) const override {
    const FrameNets& nets = NetsOf(task);
    StreamSource source(nets, side, latents);
    TransformState* own = static_cast<TransformState*>(state);
    own->Release(!task.intra());
    FURL_ASSIGN_OR_RETURN(Frame* const decoded, own->Decoded(0));
    FURL_RETURN_IF_ERROR(ReconstructFrame(nets, task, own, &source, decoded));
    FilterFrame(nets, task, *decoded, source.strengths(), own, reconstruction);
    if (task.intra()) own->Release(true);
    FURL_RETURN_IF_ERROR(source.Close().WithContext("latents"));
    return side->Close().WithContext("side information");
  }

 private:
  const FrameNets& NetsOf(const FrameTask& task) const { return task.intra() ? *intra_ : *inter_; }

  std::unique_ptr<FrameNets> intra_;
  std::unique_ptr<FrameNets> inter_;
  const FrameObserver observer_;  // may be null
};

}  // namespace

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  return CreateObservedFamily(std::move(model), nullptr);
}

Result<FamilyPtr> CreateObservedFamily(model::ModelPtr model, FrameObserver observer) {
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameNets> intra, LoadFrameNets(*model, "intra"));
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameNets> inter, LoadFrameNets(*model, "inter"));
  return FamilyPtr(std::make_shared<TransformFamily>(std::move(model), std::move(intra),
                                                     std::move(inter), std::move(observer)));
}

}  // namespace furl::transform
