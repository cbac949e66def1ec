#include "codec/hyperprior/frame_codec.h"

#include <algorithm>

#include "base/checked_math.h"
#include "codec/latents/predicted.h"

namespace furl::hyperprior {
namespace {

constexpr int kPred7Shift = 5;       // 12-bit samples to u7
constexpr int kDefaultShownQp = 32;  // where networks know the QP: the middle of theirs

Status MakeState(const std::shared_ptr<const nn::Plan>& plan, const FrameState& state,
                 std::unique_ptr<nn::PlanState>* out) {
  if (*out != nullptr) return OkStatus();
  FURL_ASSIGN_OR_RETURN(*out, nn::PlanState::Create(plan, state.rows, state.columns));
  return OkStatus();
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

Status RunPriorInit(const FrameTask& task, NetStates* states, FrameState* state) {
  HyperFeatures(state->z, &state->z_features);
  if (task.intra()) {
    return states->prior_init->Run(ModelQp(task.qp), {&state->z_features}, {&state->trunk[0]},
                                   task.pool);
  }
  return states->prior_init->Run(ModelQp(task.qp),
                                 {&state->z_features, &state->pred7, &state->diff7},
                                 {&state->trunk[0]}, task.pool);
}

// Runs the graph of pass `s`; the trunk moves on to state->trunk[s & 1].
Status RunPriorPass(const FrameTask& task, int s, NetStates* states, FrameState* state) {
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
  return states->prior[s]->Run(ModelQp(task.qp), inputs, outputs, task.pool);
}

// However sure the networks are that the lowest latents are what they expect, encoders can say
// otherwise: what is wrong in them is seen as a block of another colour.
void KeepLowestOpen(const Pass& pass, nn::Tensor* scale) {
  if (pass.first != 0) return;
  ForEachPosition(pass, scale->height(), scale->width(), [&](int y, int x) {
    uint8_t* const values = scale->U7(y, x);
    for (int c = 0; c < kLowChannels; ++c) values[c] = std::max(values[c], uint8_t{2});
  });
}

// Blocks in samples have no symbols, but for the lowest where others are near: their edges are
// lapped with those of the block.
void Silence(const Pass& pass, const SampleBlocks& samples, nn::Tensor* scale) {
  ForEachPosition(pass, scale->height(), scale->width(), [&](int y, int x) {
    if (!samples.At(x, y) || (pass.first == 0 && !samples.Inside(x, y))) return;
    std::fill_n(scale->U7(y, x), pass.count, uint8_t{0});
  });
}

}  // namespace

Result<std::unique_ptr<FrameState>> FrameState::Create(int width, int height) {
  std::unique_ptr<FrameState> state(new FrameState(width, height));
  FURL_RETURN_IF_ERROR(state->Init());
  return state;
}

template <typename Make>
Status FrameState::ForEachTensor(const Make& make) {
  using nn::Format;
  const int h = rows;
  const int w = columns;
  for (nn::Tensor* t : {&pred12, &packed}) {
    FURL_RETURN_IF_ERROR(make(t, Format::kS16, 2 * h, 2 * w, kPackedChannels));
  }
  for (nn::Tensor* t : {&pred7, &diff7}) {
    FURL_RETURN_IF_ERROR(make(t, Format::kU7, 2 * h, 2 * w, kPackedChannels));
  }
  const int zh = CeilDiv(h, 4);
  const int zw = CeilDiv(w, 4);
  FURL_RETURN_IF_ERROR(make(&z, Format::kS16, zh, zw, kHyperChannels));
  FURL_RETURN_IF_ERROR(make(&z_features, Format::kU7, zh, zw, 2 * kHyperChannels));
  FURL_RETURN_IF_ERROR(make(&latent, Format::kS16, h, w, kLatentChannels));
  FURL_RETURN_IF_ERROR(make(&low, Format::kS16, h, w, kLowChannels));
  for (int pass = 0; pass + 1 < kNumPasses; ++pass) {
    FURL_RETURN_IF_ERROR(make(&context[pass], Format::kU7, h, w, 2 * kPasses[pass].count));
  }
  return OkStatus();
}

Status FrameState::Init() {
  return ForEachTensor([](nn::Tensor* t, nn::Format format, int h, int w, int channels) {
    return t->Reshape(format, h, w, channels);
  });
}

size_t FrameState::BytesOf(const FrameNets& intra, const FrameNets& inter, int width, int height) {
  FrameState state(width, height);  // holds nothing yet
  uint64_t total = Frame::BytesOf(width, height, filter::kFilterBorder);
  const auto add = [&](nn::Tensor*, nn::Format format, int h, int w, int channels) {
    total += nn::Tensor::BytesOf(format, h, w, channels);
    return OkStatus();
  };
  (void)state.ForEachTensor(add);
  for (nn::Tensor& trunk : state.trunk) {
    (void)add(&trunk, nn::Format::kS16, state.rows, state.columns, kTrunkChannels);
  }
  for (nn::Tensor* t : {&state.scale, &state.mean, &state.offset}) {
    (void)add(t, nn::Format::kS16, state.rows, state.columns, kMaxPassChannels);
  }
  total +=
      uint64_t{sizeof(indices[0]) + sizeof(q[0])} * state.rows * state.columns * kMaxPassChannels;
  // Activations of one kind at a time, see Release.
  const auto activations = [&](const FrameNets& nets) {
    const auto bytes = [&](const std::shared_ptr<const nn::Plan>& plan) {
      return nn::PlanState::BytesOf(*plan, state.rows, state.columns);
    };
    uint64_t sum = bytes(nets.prior_init) + bytes(nets.synthesis);
    for (const auto& prior : nets.prior) sum += bytes(prior);
    return sum;
  };
  return total + std::max(activations(intra), activations(inter));
}

Result<NetStates*> FrameState::StatesOf(const FrameNets& nets, bool intra) {
  NetStates* states = &states_[intra ? 0 : 1];
  FURL_RETURN_IF_ERROR(MakeState(nets.prior_init, *this, &states->prior_init));
  for (int s = 0; s < kNumPasses; ++s) {
    FURL_RETURN_IF_ERROR(MakeState(nets.prior[s], *this, &states->prior[s]));
  }
  return states;
}

Result<Frame*> FrameState::MadeOnce(FramePtr* frame) const {
  if (*frame == nullptr) {
    FURL_ASSIGN_OR_RETURN(*frame, Frame::Create(width, height, kSampleBits, filter::kFilterBorder));
  }
  return frame->get();
}

void PackPrediction(const FrameTask& task, FrameState* state) {
  latents::PackPredicted(task, &state->pred12);
  if (task.intra()) return;
  PackShifted(latents::PredictedPlanes(task), kPred7Shift, task.pool, &state->pred7);
  latents::PackDifference(task, &state->diff7);
}

Status DecodeLatentTensor(const FrameNets& nets, const FrameTask& task, FrameState* state,
                          SymbolSource* source) {
  FURL_ASSIGN_OR_RETURN(NetStates * states, state->StatesOf(nets, task.intra()));
  FURL_RETURN_IF_ERROR(source->HyperLatent(&state->z));
  FURL_RETURN_IF_ERROR(RunPriorInit(task, states, state));

  state->low.Clear();
  const Dequantizer dequantizer = {nets.StepsOf(task), nets.reconstruction()};
  for (int s = 0; s < kNumPasses; ++s) {
    FURL_RETURN_IF_ERROR(RunPriorPass(task, s, states, state));
    dequantizer.steps.Localize(kPasses[s], &state->scale, &state->mean);
    KeepLowestOpen(kPasses[s], &state->scale);
    if (task.samples != nullptr) Silence(kPasses[s], *task.samples, &state->scale);
    GatherScaleIndices(kPasses[s], state->scale, &state->indices);
    const Expectation expected = {&state->mean, kPasses[s].predicted ? &state->offset : nullptr};
    FURL_RETURN_IF_ERROR(source->Symbols(s, state->indices, expected, &state->q));
    ScatterSymbols(kPasses[s], state->q, state->indices, expected, dequantizer, &state->latent,
                   s + 1 < kNumPasses ? &state->context[s] : nullptr);
    if (kPasses[s].first == 0) CopyLowLatents(kPasses[s], state->latent, &state->low);
  }
  return OkStatus();
}

Status ShowLatents(const FrameNets& nets, std::span<const uint16_t> latents, int amplitude,
                   std::vector<FramePtr>* pictures) {
  constexpr int kPositions = 3;
  constexpr int kSide = 16 * kPositions;
  FURL_ASSIGN_OR_RETURN(const std::unique_ptr<FrameState> state, FrameState::Create(kSide, kSide));
  std::unique_ptr<nn::PlanState> synthesis;
  FURL_RETURN_IF_ERROR(MakeState(nets.synthesis, *state, &synthesis));
  latents::PackPredicted(FrameTask(), &state->pred12);  // grey
  const auto show = [&]() -> Status {
    FURL_RETURN_IF_ERROR(synthesis->Run(kDefaultShownQp, {&state->latent, &state->pred12},
                                        {&state->packed}, nullptr));
    FURL_ASSIGN_OR_RETURN(pictures->emplace_back(),
                          Frame::Create(kSide, kSide, kSampleBits, filter::kFilterBorder));
    UnpackPicture(state->packed, nullptr, pictures->back().get());
    return OkStatus();
  };
  state->latent.Clear();
  FURL_RETURN_IF_ERROR(show());
  for (const uint16_t latent : latents) {
    if (latent >= kLatentChannels) return InvalidArgument("there is no such latent");
    state->latent.Clear();
    state->latent.S16(kPositions / 2, kPositions / 2)[latent] = static_cast<int16_t>(amplitude);
    FURL_RETURN_IF_ERROR(show());
  }
  return OkStatus();
}

Status ReconstructFrame(const FrameNets& nets, const FrameTask& task, FrameState* state,
                        SymbolSource* source, Frame* decoded) {
  FURL_RETURN_IF_ERROR(DecodeLatentTensor(nets, task, state, source));
  FURL_ASSIGN_OR_RETURN(NetStates * states, state->StatesOf(nets, task.intra()));
  FURL_RETURN_IF_ERROR(MakeState(nets.synthesis, *state, &states->synthesis));
  FURL_RETURN_IF_ERROR(states->synthesis->Run(ModelQp(task.qp), {&state->latent, &state->pred12},
                                              {&state->packed}, task.pool));
  UnpackPicture(state->packed, task.pool, decoded);
  if (task.samples != nullptr) task.samples->Overlay(decoded);
  decoded->ExtendBorder();
  return OkStatus();
}

}  // namespace furl::hyperprior
