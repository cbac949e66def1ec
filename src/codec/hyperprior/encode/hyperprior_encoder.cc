#include "codec/hyperprior/encode/hyperprior_encoder.h"

#include <utility>

#include "codec/hyperprior/encode/attempts.h"
#include "codec/hyperprior/encode/similarity_weights.h"
#include "codec/hyperprior/hyperprior_family.h"
#include "codec/hyperprior/hyperprior_step_law.h"

namespace furl::hyperprior {
namespace {

class HyperpriorEncoder : public FamilyEncoder {
 public:
  HyperpriorEncoder(FamilyPtr family, std::unique_ptr<AnalysisNets> intra,
                    std::unique_ptr<AnalysisNets> inter, latents::FrameObserver observer)
      : FamilyEncoder(std::move(family)),
        intra_(std::move(intra)),
        inter_(std::move(inter)),
        observer_(std::move(observer)) {}

  StepLaw step_law() const override { return kStepLaw; }

  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override {
    FURL_ASSIGN_OR_RETURN(std::unique_ptr<EncoderState> state, EncoderState::Create(width, height));
    return std::unique_ptr<FamilyState>(std::move(state));
  }

  Status EncodeFrame(const FrameTask& task, const Frame& original, FamilyState* state,
                     RangeEncoder* side, std::vector<uint8_t>* latents,
                     FrameOutput* output) const override {
    const auto& family = static_cast<const HyperpriorFamily&>(*this->family());
    const EncoderNets nets = {&family.NetsOf(task.intra()),
                              task.intra() ? intra_.get() : inter_.get()};
    return EncodeHyperpriorFrame(nets, task, original, observer_, static_cast<EncoderState*>(state),
                                 side, latents, output->picture);
  }

 private:
  std::unique_ptr<AnalysisNets> intra_;
  std::unique_ptr<AnalysisNets> inter_;
  const latents::FrameObserver observer_;  // may be null
};

}  // namespace

Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family, AnalysisInput input,
                                       latents::FrameObserver observer) {
  const model::Model& model = family->model();
  if (model.graph("intra.analysis") == nullptr) {
    return Unsupported("the model was stripped to its decoder: it can't encode");
  }
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<AnalysisNets> intra,
                        LoadAnalysisNets(model, "intra", input));
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<AnalysisNets> inter,
                        LoadAnalysisNets(model, "inter", input));
  FURL_ASSIGN_OR_RETURN(intra->similarity, SimilarityWeightsOf(model, "intra"));
  FURL_ASSIGN_OR_RETURN(inter->similarity, SimilarityWeightsOf(model, "inter"));
  return FamilyEncoderPtr(std::make_shared<HyperpriorEncoder>(
      std::move(family), std::move(intra), std::move(inter), std::move(observer)));
}

}  // namespace furl::hyperprior
