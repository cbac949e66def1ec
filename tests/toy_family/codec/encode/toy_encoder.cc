#include "codec/families/toy/encode/toy_encoder.h"

#include <utility>

#include "base/checked_math.h"
#include "codec/families/toy/toy_family.h"

namespace furl::toy {
namespace {

constexpr const char* kAnalysis = "all.analysis";

struct EncoderState : ToyState {
  nn::Tensor residual;
  nn::Tensor target;  // the latents before they are quantized
  std::unique_ptr<nn::PlanState> analysis;
};

// The nearest symbols; `step` is in 1/16.
void Quantize(int step, const nn::Tensor& target, nn::Tensor* symbols) {
  for (int y = 0; y < target.height(); ++y) {
    const int16_t* from = target.S16(y, 0);
    int16_t* q = symbols->S16(y, 0);
    for (int i = 0; i < target.width() * kLatentChannels; ++i) {
      const int half = from[i] < 0 ? -step / 2 : step / 2;
      q[i] = static_cast<int16_t>(Clamp((from[i] * 16 + half) / step, -kMaxSymbol, kMaxSymbol));
    }
  }
}

class ToyEncoder : public FamilyEncoder {
 public:
  ToyEncoder(FamilyPtr family, std::shared_ptr<const nn::Plan> analysis)
      : FamilyEncoder(std::move(family)), analysis_(std::move(analysis)) {}

  StepLaw step_law() const override { return kStepLaw; }

  Result<std::unique_ptr<FamilyState>> CreateState(int width, int height, int) const override {
    auto state = std::make_unique<EncoderState>();
    FURL_RETURN_IF_ERROR(toy().InitState(width, height, state.get()));
    const nn::Tensor& like = state->symbols;
    FURL_RETURN_IF_ERROR(
        state->residual.Reshape(like.format(), like.height(), like.width(), like.channels()));
    FURL_ASSIGN_OR_RETURN(state->analysis,
                          nn::PlanState::Create(analysis_, like.height() / 2, like.width() / 2));
    return std::unique_ptr<FamilyState>(std::move(state));
  }

  Status EncodeFrame(const FrameTask& task, const Frame& original, FamilyState* state,
                     RangeEncoder* side, std::vector<uint8_t>* latents,
                     FrameOutput* output) const override {
    auto* own = static_cast<EncoderState*>(state);
    PlaneTriple predicted;
    if (!task.intra()) {
      for (int p = 0; p < 3; ++p) predicted[p] = task.prediction->pred(p);
    }
    PackResidual(original, task.intra() ? nullptr : &predicted, task.pool, &own->residual);
    FURL_RETURN_IF_ERROR(
        own->analysis->Run(ModelQp(task.qp), {&own->residual}, {&own->target}, task.pool));
    Quantize(toy().step16(task.qp), own->target, &own->symbols);
    own->models = StartModels(task);
    CodeSymbols(*side, &own->models, &own->symbols);
    latents->clear();
    return toy().Reconstruct(task, own, output);
  }

 private:
  const ToyFamily& toy() const { return static_cast<const ToyFamily&>(*family()); }

  std::shared_ptr<const nn::Plan> analysis_;
};

}  // namespace

Result<FamilyEncoderPtr> CreateEncoder(FamilyPtr family) {
  const model::Model& model = family->model();
  if (model.graph(kAnalysis) == nullptr) {
    return Unsupported("the model was stripped to its decoder: it can't encode");
  }
  FURL_ASSIGN_OR_RETURN(auto analysis, LoadPlan(model, kAnalysis, 1));
  return FamilyEncoderPtr(std::make_shared<ToyEncoder>(std::move(family), std::move(analysis)));
}

}  // namespace furl::toy
