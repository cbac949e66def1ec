#include "codec/hyperprior/encode/analysis.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "base/checked_math.h"
#include "codec/latents/encode/target.h"

namespace furl::hyperprior {
namespace {

constexpr int kHyperShift = 5;            // hyper_analysis gives 32 z
constexpr int kHyperSymbolChannels = 64;  // signed symbols of g0 in hyper_analysis' input

}  // namespace

Result<std::unique_ptr<EncoderState>> EncoderState::Create(int width, int height) {
  std::unique_ptr<EncoderState> state(new EncoderState(width, height));
  FURL_RETURN_IF_ERROR(state->Init());
  return state;
}

Result<AnalysisStates*> EncoderState::AnalysisStatesOf(const AnalysisNets& nets, bool intra) {
  AnalysisStates* states = &analysis_states_[intra ? 0 : 1];
  if (states->hyper_analysis != nullptr) return states;
  FURL_ASSIGN_OR_RETURN(states->analysis, nn::PlanState::Create(nets.analysis, rows, columns));
  FURL_ASSIGN_OR_RETURN(states->hyper_analysis,
                        nn::PlanState::Create(nets.hyper_analysis, rows, columns));
  return states;
}

Status AnalyzeFrame(const EncoderNets& nets, const FrameTask& task, const Frame& original,
                    EncoderState* state) {
  FURL_ASSIGN_OR_RETURN(AnalysisStates * states,
                        state->AnalysisStatesOf(*nets.analysis, task.intra()));
  latents::PackTarget(task, original, &state->packed);
  PackPrediction(task, state);
  std::vector<const nn::Tensor*> inputs = {&state->packed};
  const std::vector<nn::Tensor*> outputs = {&state->target};
  if (nets.analysis->input == AnalysisInput::kResidualPrediction) inputs.push_back(&state->pred12);
  FURL_RETURN_IF_ERROR(states->analysis->Run(ModelQp(task.qp), inputs, outputs, task.pool));

  FURL_RETURN_IF_ERROR(state->symbols.Reshape(nn::Format::kU7, state->rows, state->columns,
                                              kHyperSymbolChannels + kLatentChannels));
  const std::span<const uint16_t> steps = nets.frame->StepsOf(task).OfNetworks();
  ForEachPosition({0, 0, Phase::kAll, false}, state->rows, state->columns, [&](int y, int x) {
    const int16_t* values = state->target.S16(y, x);
    uint8_t* out = state->symbols.U7(y, x);
    for (int c = 0; c < kLatentChannels; ++c) {
      const int magnitude = (std::abs(values[c]) * 16 + steps[c] / 2) / steps[c];
      const uint8_t companded = Compand(magnitude);
      if (c < kHyperChannels) {
        out[c] = values[c] > 0 ? companded : 0;
        out[kHyperChannels + c] = values[c] < 0 ? companded : 0;
      }
      out[kHyperSymbolChannels + c] = companded;
    }
  });
  FURL_RETURN_IF_ERROR(
      states->hyper_analysis->Run(ModelQp(task.qp), {&state->symbols}, {&state->z}, task.pool));
  ForEachPosition(
      {0, 0, Phase::kAll, false}, state->z.height(), state->z.width(), [&](int y, int x) {
        int16_t* z = state->z.S16(y, x);
        for (int c = 0; c < kHyperChannels; ++c) {
          z[c] = static_cast<int16_t>(Clamp(RoundShift(z[c], kHyperShift), -kMaxHyper, kMaxHyper));
        }
      });
  return OkStatus();
}

void MeasureDistances(const Pass& pass, const LocalSteps& steps, const Expectation& expected,
                      const nn::Tensor& latent, std::vector<int32_t>* distance64) {
  distance64->clear();
  ForEachPosition(pass, latent.height(), latent.width(), [&](int y, int x) {
    const int16_t* values = latent.S16(y, x) + pass.first;
    const int16_t* means = expected.mean->S16(y, x);
    const int16_t* offsets = expected.OffsetsAt(y, x);
    const uint16_t* delta = steps.At(y, x).data() + pass.first;
    const size_t at = distance64->size();
    distance64->resize(at + pass.count);
    for (int c = 0; c < pass.count; ++c) {
      // latent = v64 * Delta / 1024, so v64 = latent * 1024 / Delta.
      (*distance64)[at + c] = (values[c] - offsets[c]) * 1024 / delta[c] - means[c];
    }
  });
}

}  // namespace furl::hyperprior
