#include "codec/families/transform/transform_frame.h"

#include <algorithm>

#include "base/checked_math.h"

namespace furl::transform {
namespace {

constexpr int kPred7Shift = 5;  // 12-bit samples to u7
constexpr int kDiff7Shift = 3;
constexpr int kHyperShift = 5;            // hyper_analysis gives 32 z
constexpr int kHyperSymbolChannels = 64;  // signed symbols of g0 in hyper_analysis' input

PlaneTriple Predicted(const motion::PredictionPlanes& planes) {
  return {planes.pred(0), planes.pred(1), planes.pred(2)};
}

PlaneTriple Difference(const motion::PredictionPlanes& planes) {
  return {planes.difference(0), planes.difference(1), planes.difference(2)};
}

Status MakeState(const std::shared_ptr<const nn::Plan>& plan, const TransformState& state,
                 std::unique_ptr<nn::PlanState>* out) {
  if (*out != nullptr) return OkStatus();
  FURL_ASSIGN_OR_RETURN(*out, nn::PlanState::Create(plan, state.rows, state.columns));
  return OkStatus();
}

// Brings the prediction into the forms that the networks take.
void PackPrediction(const FrameTask& task, TransformState* state) {
  if (task.intra()) {
    for (int y = 0; y < state->pred12.height(); ++y) {
      std::fill_n(state->pred12.S16(y, 0), state->pred12.width() * kPackedChannels, kGray12);
    }
    return;
  }
  PackSamples(Predicted(*task.prediction), task.pool, &state->pred12);
  PackShifted(Predicted(*task.prediction), kPred7Shift, task.pool, &state->pred7);
  PackShifted(Difference(*task.prediction), kDiff7Shift, task.pool, &state->diff7);
}

// z to the two companded feature maps that prior_init takes.
void HyperFeatures(const nn::Tensor& z, nn::Tensor* features) {
  ForEachPosition({0, 0, Phase::kAll, false}, z.height(), z.width(), [&](int y, int x) {
    const int16_t* values = z.S16(y, x);
    uint8_t* out = features->U7(y, x);
    for (int c = 0; c < kHyperChannels; ++c) {
      out[c] = Compand(std::max<int>(values[c], 0));
      out[kHyperChannels + c] = Compand(std::max<int>(-values[c], 0));
    }
  });
}

Status RunPriorInit(const FrameTask& task, NetStates* states, TransformState* state) {
  HyperFeatures(state->z, &state->z_features);
  if (task.intra()) {
    return states->prior_init->Run(task.qp, {&state->z_features}, {&state->trunk[0]}, task.pool);
  }
  return states->prior_init->Run(task.qp, {&state->z_features, &state->pred7, &state->diff7},
                                 {&state->trunk[0]}, task.pool);
}

// Runs the graph of pass `s`; the trunk moves on to state->trunk[s & 1].
Status RunPriorPass(const FrameTask& task, int s, NetStates* states, TransformState* state) {
  std::vector<const nn::Tensor*> inputs = {&state->trunk[s == 0 ? 0 : 1 - (s & 1)]};
  std::vector<nn::Tensor*> outputs;
  if (s > 0) {
    inputs.push_back(&state->context[s - 1]);
    outputs.push_back(&state->trunk[s & 1]);
  }
  outputs.push_back(&state->scale);
  outputs.push_back(&state->mean);
  if (kPasses[s].predicted) {
    inputs.push_back(&state->low);
    outputs.push_back(&state->offset);
  }
  return states->prior[s]->Run(task.qp, inputs, outputs, task.pool);
}

}  // namespace

Result<std::unique_ptr<TransformState>> TransformState::Create(int width, int height) {
  std::unique_ptr<TransformState> s(new TransformState(width, height));
  using nn::Format;
  const int h = s->rows;
  const int w = s->columns;
  for (nn::Tensor* t : {&s->pred12, &s->packed}) {
    FURL_RETURN_IF_ERROR(t->Reshape(Format::kS16, 2 * h, 2 * w, kPackedChannels));
  }
  for (nn::Tensor* t : {&s->pred7, &s->diff7}) {
    FURL_RETURN_IF_ERROR(t->Reshape(Format::kU7, 2 * h, 2 * w, kPackedChannels));
  }
  const int zh = CeilDiv(h, 4);
  const int zw = CeilDiv(w, 4);
  FURL_RETURN_IF_ERROR(s->z.Reshape(Format::kS16, zh, zw, kHyperChannels));
  FURL_RETURN_IF_ERROR(s->z_features.Reshape(Format::kU7, zh, zw, 2 * kHyperChannels));
  FURL_RETURN_IF_ERROR(s->latent.Reshape(Format::kS16, h, w, kLatentChannels));
  FURL_RETURN_IF_ERROR(s->low.Reshape(Format::kS16, h, w, kLowChannels));
  for (int pass = 0; pass + 1 < kNumPasses; ++pass) {
    FURL_RETURN_IF_ERROR(s->context[pass].Reshape(Format::kU7, h, w, 2 * kPasses[pass].count));
  }
  return s;
}

Result<NetStates*> TransformState::StatesOf(const FrameNets& nets, bool intra) {
  NetStates* states = &states_[intra ? 0 : 1];
  FURL_RETURN_IF_ERROR(MakeState(nets.prior_init, *this, &states->prior_init));
  for (int s = 0; s < kNumPasses; ++s) {
    FURL_RETURN_IF_ERROR(MakeState(nets.prior[s], *this, &states->prior[s]));
  }
  FURL_RETURN_IF_ERROR(MakeState(nets.synthesis, *this, &states->synthesis));
  return states;
}

Result<Frame*> TransformState::Decoded(int which) {
  if (decoded_[which] == nullptr) {
    FURL_ASSIGN_OR_RETURN(decoded_[which],
                          Frame::Create(width, height, kSampleBits, filter::kFilterBorder));
  }
  return decoded_[which].get();
}

Status ReconstructFrame(const FrameNets& nets, const FrameTask& task, TransformState* state,
                        SymbolSource* source, Frame* decoded) {
  FURL_ASSIGN_OR_RETURN(NetStates * states, state->StatesOf(nets, task.intra()));
  PackPrediction(task, state);
  FURL_RETURN_IF_ERROR(source->HyperLatent(&state->z));
  FURL_RETURN_IF_ERROR(RunPriorInit(task, states, state));

  state->low.Clear();
  const Dequantizer dequantizer = {nets.StepsOf(task), nets.reconstruction()};
  for (int s = 0; s < kNumPasses; ++s) {
    FURL_RETURN_IF_ERROR(RunPriorPass(task, s, states, state));
    dequantizer.steps.Localize(kPasses[s], &state->scale, &state->mean);
    GatherScaleIndices(kPasses[s], state->scale, &state->indices);
    const Expectation expected = {&state->mean, kPasses[s].predicted ? &state->offset : nullptr};
    FURL_RETURN_IF_ERROR(source->Symbols(s, state->indices, expected, &state->q));
    ScatterSymbols(kPasses[s], state->q, state->indices, expected, dequantizer, &state->latent,
                   s + 1 < kNumPasses ? &state->context[s] : nullptr);
    if (kPasses[s].first == 0) CopyLowLatents(kPasses[s], state->latent, &state->low);
  }
  FURL_RETURN_IF_ERROR(states->synthesis->Run(task.qp, {&state->latent, &state->pred12},
                                              {&state->packed}, task.pool));
  UnpackPicture(state->packed, task.pool, decoded);
  decoded->ExtendBorder();
  return OkStatus();
}

Status AnalyzeFrame(const FrameNets& nets, const FrameTask& task, const Frame& original,
                    TransformState* state) {
  FURL_ASSIGN_OR_RETURN(NetStates * states, state->StatesOf(nets, task.intra()));
  FURL_RETURN_IF_ERROR(MakeState(nets.analysis, *state, &states->analysis));
  FURL_RETURN_IF_ERROR(MakeState(nets.hyper_analysis, *state, &states->hyper_analysis));
  PlaneTriple predicted;
  if (!task.intra()) predicted = Predicted(*task.prediction);
  PackResidual(original, task.intra() ? nullptr : &predicted, task.pool, &state->packed);
  FURL_RETURN_IF_ERROR(
      states->analysis->Run(task.qp, {&state->packed}, {&state->target}, task.pool));

  FURL_RETURN_IF_ERROR(state->symbols.Reshape(nn::Format::kU7, state->rows, state->columns,
                                              kHyperSymbolChannels + kLatentChannels));
  const std::span<const uint16_t> steps = nets.StepsOf(task).OfFrame();
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
      states->hyper_analysis->Run(task.qp, {&state->symbols}, {&state->z}, task.pool));
  ForEachPosition(
      {0, 0, Phase::kAll, false}, state->z.height(), state->z.width(), [&](int y, int x) {
        int16_t* z = state->z.S16(y, x);
        for (int c = 0; c < kHyperChannels; ++c) {
          z[c] = static_cast<int16_t>(Clamp(RoundShift(z[c], kHyperShift), -kMaxHyper, kMaxHyper));
        }
      });
  return OkStatus();
}

}  // namespace furl::transform
