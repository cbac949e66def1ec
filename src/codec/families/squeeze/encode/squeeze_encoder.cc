#include "codec/families/squeeze/encode/squeeze_encoder.h"

#include <memory>
#include <utility>

#include "codec/common/rate_distortion.h"
#include "codec/families/squeeze/squeeze_family.h"
#include "codec/latents/encode/filter_coding.h"
#include "codec/latents/encode/target.h"
#include "codec/latents/predicted.h"

namespace furl::squeeze {
namespace {

using AnalysisPtr = std::shared_ptr<const nn::Plan>;

// A decoder's working memory and what an encoder needs beside it.
class EncoderState : public FrameState {
 public:
  EncoderState(int w, int h) : FrameState(w, h) {}

  // Makes what analyzing frames with these networks needs.
  Status PrepareAnalysis(const FrameNets& nets, const AnalysisPtr& analysis, bool intra) {
    FURL_RETURN_IF_ERROR(Prepare(nets));
    if (scratch == nullptr) {
      FURL_ASSIGN_OR_RETURN(scratch,
                            Frame::Create(width, height, kSampleBits, filter::kFilterBorder));
    }
    std::unique_ptr<nn::PlanState>& plan = plans_[intra ? 0 : 1];
    if (plan != nullptr) return OkStatus();
    FURL_ASSIGN_OR_RETURN(plan, nn::PlanState::Create(analysis, rows, columns));
    return OkStatus();
  }
  nn::PlanState& analysis(bool intra) { return *plans_[intra ? 0 : 1]; }

  nn::Tensor target, target_detail;  // of the analysis
  FramePtr scratch;                  // a picture like `decoded`

 private:
  std::unique_ptr<nn::PlanState> plans_[2];
};

Status Analyze(const FrameTask& task, const Frame& original, EncoderState* state) {
  latents::PackTarget(task, original, &state->packed);
  latents::PackPredicted(task, &state->pred12);
  return state->analysis(task.intra())
      .Run(ModelQp(task.qp), {&state->packed, &state->pred12},
           {&state->target, &state->target_detail}, task.pool);
}

class SqueezeEncoder : public FamilyEncoder {
 public:
  SqueezeEncoder(FamilyPtr family, AnalysisPtr intra, AnalysisPtr inter, FrameObserver observer)
      : FamilyEncoder(std::move(family)),
        analysis_{std::move(intra), std::move(inter)},
        observer_(std::move(observer)) {}

  StepLaw step_law() const override { return kStepLaw; }

  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override {
    return std::unique_ptr<FamilyState>(std::make_unique<EncoderState>(width, height));
  }

  Status EncodeFrame(const FrameTask& task, const Frame& original, FamilyState* state,
                     RangeEncoder* side, std::vector<uint8_t>* latents,
                     FrameOutput* output) const override {
    const bool intra = task.intra();
    const FrameNets& nets = static_cast<const SqueezeFamily&>(*family()).NetsOf(intra);
    auto* own = static_cast<EncoderState*>(state);
    FURL_RETURN_IF_ERROR(own->PrepareAnalysis(nets, analysis_[intra ? 0 : 1], intra));
    FURL_RETURN_IF_ERROR(Analyze(task, original, own));

    std::unique_ptr<FrameCounts> counts;
    if (observer_ != nullptr) {
      counts = std::make_unique<FrameCounts>(
          FrameCounts{latents::SymbolCounts(), PriorStatistics(nets.layout())});
    }
    TileQuantizer quantizer(nets, task, own->target, own->target_detail, *own, counts.get());
    WalkTiles(nets, task, &quantizer, own);
    FURL_RETURN_IF_ERROR(Synthesize(task, own, own->decoded.get()));
    const double step = nets.StepAt(task.qp) / 16.0;
    latents::CodeFilter(nets.loop_filter.get(), task, original, kLagrangian * step * step,
                        *own->decoded, &own->filter, own->scratch.get(), side, output->picture);
    CodeDepths(*side, nets, task, own);
    *latents = quantizer.Finish(side);
    if (observer_ != nullptr) {
      observer_({intra, *counts, nets.prior, original, own->filter.Input(task, *own->decoded)});
    }
    return OkStatus();
  }

 private:
  const AnalysisPtr analysis_[2];  // intra, inter
  const FrameObserver observer_;   // may be null
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
  const auto& own = static_cast<const SqueezeFamily&>(*family);
  FURL_ASSIGN_OR_RETURN(AnalysisPtr intra, LoadAnalysis(model, "intra", own.NetsOf(true).layout()));
  FURL_ASSIGN_OR_RETURN(AnalysisPtr inter,
                        LoadAnalysis(model, "inter", own.NetsOf(false).layout()));
  return FamilyEncoderPtr(std::make_shared<SqueezeEncoder>(std::move(family), std::move(intra),
                                                           std::move(inter), std::move(observer)));
}

}  // namespace furl::squeeze
