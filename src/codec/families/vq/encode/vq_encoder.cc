#include "codec/families/vq/encode/vq_encoder.h"

#include <memory>
#include <utility>

#include "codec/common/rate_distortion.h"
#include "codec/families/vq/encode/entry_choice.h"
#include "codec/families/vq/vq_family.h"
#include "codec/latents/encode/filter_coding.h"
#include "codec/latents/encode/target.h"

namespace furl::vq {
namespace {

// What encoding needs of one kind of frame, beside what decoding does.
struct EncoderNets {
  EncoderNets(const FrameNets& nets, std::shared_ptr<const nn::Plan> plan)
      : analysis(std::move(plan)), top(nets.top), bottom(nets.bottom) {}

  std::shared_ptr<const nn::Plan> analysis;
  CodebookNorms top, bottom;
};

// A decoder's working memory and what an encoder needs beside it.
class EncoderState : public FrameState {
 public:
  using FrameState::FrameState;

  // Makes what analyzing frames with these networks needs.
  Status PrepareAnalysis(const FrameNets& nets, const EncoderNets& own) {
    FURL_RETURN_IF_ERROR(Prepare(nets));
    if (scratch == nullptr) {
      FURL_ASSIGN_OR_RETURN(scratch,
                            Frame::Create(width, height, kSampleBits, filter::kFilterBorder));
    }
    std::unique_ptr<nn::PlanState>& plan = plans_[nets.inter ? 1 : 0];
    if (plan != nullptr) return OkStatus();
    FURL_ASSIGN_OR_RETURN(plan, nn::PlanState::Create(own.analysis, rows, columns));
    return OkStatus();
  }
  nn::PlanState& analysis(bool intra) { return *plans_[intra ? 0 : 1]; }

  nn::Tensor top_target, bottom_target;  // of the analysis
  FramePtr scratch;                      // a picture like `decoded`

 private:
  std::unique_ptr<nn::PlanState> plans_[2];  // intra, inter
};

Status Analyze(const FrameTask& task, const Frame& original, EncoderState* state) {
  latents::PackTarget(task, original, &state->packed);
  return state->analysis(task.intra())
      .Run(ModelQp(task.qp), {&state->packed, &state->pred12},
           {&state->top_target, &state->bottom_target}, task.pool);
}

class VqEncoder : public FamilyEncoder {
 public:
  VqEncoder(FamilyPtr family, EncoderNets intra, EncoderNets inter, FrameObserver observer)
      : FamilyEncoder(std::move(family)),
        nets_{std::move(intra), std::move(inter)},
        observer_(std::move(observer)) {}

  StepLaw step_law() const override { return kStepLaw; }

  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override {
    return std::unique_ptr<FamilyState>(std::make_unique<EncoderState>(width, height));
  }

  Status EncodeFrame(const FrameTask& task, const Frame& original, FamilyState* state,
                     RangeEncoder* side, std::vector<uint8_t>* latents,
                     FrameOutput* output) const override {
    const FrameNets& nets = static_cast<const VqFamily&>(*family()).NetsOf(task.intra());
    const EncoderNets& encoder_nets = nets_[task.intra() ? 0 : 1];
    auto* own = static_cast<EncoderState*>(state);
    latents->clear();
    FURL_RETURN_IF_ERROR(own->PrepareAnalysis(nets, encoder_nets));
    FURL_RETURN_IF_ERROR(SeePrediction(nets, task, own));
    FURL_RETURN_IF_ERROR(Analyze(task, original, own));
    EntryChooser chooser(encoder_nets.top, encoder_nets.bottom, own->top_target, own->bottom_target,
                         side);
    FURL_RETURN_IF_ERROR(WalkGrids(nets, task, &chooser, own));
    FURL_RETURN_IF_ERROR(Synthesize(task, own, own->decoded.get()));
    const double step = kStepLaw.Step(task.qp);
    latents::CodeFilter(nets.loop_filter.get(), task, original, kLagrangian * step * step,
                        *own->decoded, &own->filter, own->scratch.get(), side, output->picture);
    if (observer_ != nullptr) {
      observer_({task.intra(), original, own->filter.Input(task, *own->decoded)});
    }
    return OkStatus();
  }

 private:
  const EncoderNets nets_[2];     // intra, inter
  const FrameObserver observer_;  // may be null
};

}  // namespace

Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family) {
  return CreateObservedEncoder(std::move(family), nullptr);
}

Result<FamilyEncoderPtr> CreateObservedEncoder(FamilyPtr family, FrameObserver observer) {
  const model::Model& model = family->model();
  if (model.graph("intra.analysis") == nullptr) {
    return Unsupported("the model was stripped to its decoder: it can't encode");
  }
  const auto& own = static_cast<const VqFamily&>(*family);
  FURL_ASSIGN_OR_RETURN(auto intra, LoadAnalysis(model, "intra", own.NetsOf(true)));
  FURL_ASSIGN_OR_RETURN(auto inter, LoadAnalysis(model, "inter", own.NetsOf(false)));
  return FamilyEncoderPtr(std::make_shared<VqEncoder>(
      std::move(family), EncoderNets(own.NetsOf(true), std::move(intra)),
      EncoderNets(own.NetsOf(false), std::move(inter)), std::move(observer)));
}

}  // namespace furl::vq
