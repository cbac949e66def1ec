#include "codec/families/toy/toy_family.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/checked_math.h"

namespace furl::toy {
namespace {

Status ReadSymbols(const FrameTask& task, RangeDecoder* side, std::span<const uint8_t> latents,
                   ToyState* state) {
  if (!latents.empty()) return InvalidStream("toy frames have no section of latents");
  state->models = StartModels(task);
  CodeSymbols(*side, &state->models, &state->symbols);
  return side->Close().WithContext("latents");
}

// Brings the prediction into the form that the synthesis takes: 12-bit samples.
void PackPrediction(const FrameTask& task, nn::Tensor* out) {
  if (!task.intra()) {
    const motion::PredictionPlanes& planes = *task.prediction;
    PackSamples({planes.pred(0), planes.pred(1), planes.pred(2)}, task.pool, out);
    return;
  }
  for (int y = 0; y < out->height(); ++y) {
    std::fill_n(out->S16(y, 0), out->width() * kPackedChannels, kGray12);
  }
}

bool IsPictureLike(const nn::TensorInfo& info) {
  return info.format == nn::Format::kS16 && info.channels == kPackedChannels && info.scale == 8 &&
         info.rounded_scale <= 16;
}

}  // namespace

SymbolModels StartModels(const FrameTask& task) {
  if (task.memory[0] == nullptr) return SymbolModels();
  return static_cast<const ToyMemory*>(task.memory[0])->models;
}

Status ToyFamily::InitState(int width, int height, ToyState* state) const {
  const int rows = CeilDiv(height, 16);
  const int columns = CeilDiv(width, 16);
  for (nn::Tensor* t : {&state->symbols, &state->latent, &state->prediction, &state->picture}) {
    FURL_RETURN_IF_ERROR(t->Reshape(nn::Format::kS16, 2 * rows, 2 * columns, kPackedChannels));
  }
  FURL_ASSIGN_OR_RETURN(state->synthesis, nn::PlanState::Create(synthesis_, rows, columns));
  return OkStatus();
}

Result<std::unique_ptr<FamilyState>> ToyFamily::CreateState(int width, int height, int) const {
  auto state = std::make_unique<ToyState>();
  FURL_RETURN_IF_ERROR(InitState(width, height, state.get()));
  return std::unique_ptr<FamilyState>(std::move(state));
}

size_t ToyFamily::StateBytes(int width, int height, int) const {
  const int rows = CeilDiv(height, 16);
  const int columns = CeilDiv(width, 16);
  return 4 * nn::Tensor::BytesOf(nn::Format::kS16, 2 * rows, 2 * columns, kPackedChannels) +
         nn::PlanState::BytesOf(*synthesis_, rows, columns);
}

void ToyFamily::Dequantize(int qp, const nn::Tensor& symbols, nn::Tensor* latent) const {
  const int step = step16(qp);
  for (int y = 0; y < symbols.height(); ++y) {
    const int16_t* q = symbols.S16(y, 0);
    int16_t* out = latent->S16(y, 0);
    for (int i = 0; i < symbols.width() * kLatentChannels; ++i) {
      out[i] = static_cast<int16_t>(Clamp((q[i] * step + 8) >> 4, -kMaxLatent, kMaxLatent));
    }
  }
}

Status ToyFamily::Reconstruct(const FrameTask& task, ToyState* state, FrameOutput* output) const {
  Dequantize(task.qp, state->symbols, &state->latent);
  PackPrediction(task, &state->prediction);
  FURL_RETURN_IF_ERROR(state->synthesis->Run(ModelQp(task.qp), {&state->latent, &state->prediction},
                                             {&state->picture}, task.pool));
  UnpackPicture(state->picture, task.pool, output->picture);
  output->memory = std::make_shared<ToyMemory>(state->models);
  return OkStatus();
}

Status ToyFamily::DecodeFrame(const FrameTask& task, RangeDecoder* side,
                              std::span<const uint8_t> latents, FamilyState* state,
                              FrameOutput* output) const {
  auto* own = static_cast<ToyState*>(state);
  FURL_RETURN_IF_ERROR(ReadSymbols(task, side, latents, own));
  return Reconstruct(task, own, output);
}

Status ToyFamily::DecodeLatents(const FrameTask& task, RangeDecoder* side,
                                std::span<const uint8_t> latents, FamilyState* state,
                                nn::Tensor* out) const {
  auto* own = static_cast<ToyState*>(state);
  FURL_RETURN_IF_ERROR(ReadSymbols(task, side, latents, own));
  const nn::Tensor& symbols = own->symbols;
  FURL_RETURN_IF_ERROR(
      out->Reshape(nn::Format::kS16, symbols.height(), symbols.width(), kLatentChannels));
  Dequantize(task.qp, symbols, out);
  return OkStatus();
}

Result<std::shared_ptr<const nn::Plan>> LoadPlan(const model::Model& model, const std::string& name,
                                                 size_t inputs) {
  const std::shared_ptr<const nn::Graph> graph = model.graph(name);
  if (graph == nullptr) return InvalidStream("model has no graph '" + name + "'");
  const auto fits = [&](int tensor) { return IsPictureLike(graph->tensors[tensor]); };
  if (graph->inputs.size() != inputs || graph->outputs.size() != 1 ||
      !std::all_of(graph->inputs.begin(), graph->inputs.end(), fits) || !fits(graph->outputs[0])) {
    return InvalidStream("graph '" + name + "' does not have the inputs and outputs of the family");
  }
  FURL_ASSIGN_OR_RETURN(std::shared_ptr<const nn::Plan> plan, nn::Plan::Create(graph));
  return plan;
}

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  FURL_ASSIGN_OR_RETURN(auto synthesis, LoadPlan(*model, "all.synthesis", 2));
  FURL_ASSIGN_OR_RETURN(const model::TensorEntry table,
                        model->Tensor("steps", model::DType::kU16, {kNumQps}));
  std::vector<uint16_t> steps(kNumQps);
  std::memcpy(steps.data(), table.data.data(), kNumQps * sizeof(uint16_t));
  for (const uint16_t step : steps) {
    if (step < 32 || step > 4095) return InvalidStream("quantizer step out of range");
  }
  return FamilyPtr(
      std::make_shared<ToyFamily>(std::move(model), std::move(synthesis), std::move(steps)));
}

}  // namespace furl::toy
