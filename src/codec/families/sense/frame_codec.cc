#include "codec/families/sense/frame_codec.h"

#include <algorithm>
#include <utility>

#include "base/checked_math.h"
#include "codec/common/pack.h"

namespace furl::sense {
namespace {

using nn::Format;

// Calls make(tensor, format, height, width, channels), which returns a Status, for all tensors.
template <typename Make>
Status ForEachTensor(FrameState* state, const Make& make) {
  const int h = state->rows;
  const int w = state->columns;
  FURL_RETURN_IF_ERROR(make(&state->measured, Format::kS16, h, w, kMostRows));
  FURL_RETURN_IF_ERROR(make(&state->mask, Format::kU7, h, w, kMostRows));
  FURL_RETURN_IF_ERROR(make(&state->gray, Format::kS16, 2 * h, 2 * w, kPackedChannels));
  return make(&state->recon, Format::kS16, 2 * h, 2 * w, kPackedChannels);
}

// Dequantizes the measurements of `count` rows into channels from `first` on; those of other rows
// are 0.
void SetRows(const uint8_t* rows, int count, int step, const int16_t* symbols, int first,
             int16_t* measured, uint8_t* mask) {
  for (int i = 0; i < count; ++i) {
    measured[first + rows[i]] = SaturateToInt16(RoundShift(symbols[i] * step, kMeasuredShift));
    mask[first + rows[i]] = kMeasured;
  }
}

// An empty memory of a picture of that many blocks.
Result<std::shared_ptr<SenseMemory>> MakeMemory(const SenseNets& nets, const FrameState& state) {
  auto memory = std::make_shared<SenseMemory>();
  FURL_RETURN_IF_ERROR(memory->hidden.Reshape(Format::kU7, state.rows, state.columns, nets.memory));
  FURL_RETURN_IF_ERROR(memory->cell.Reshape(Format::kS16, state.rows, state.columns, nets.memory));
  FURL_RETURN_IF_ERROR(memory->rows.Reshape(Format::kS16, state.rows, state.columns, kMostRows));
  return memory;
}

}  // namespace

FrameState::FrameState(int width, int height)
    : rows(CeilDiv(height, kBlock)), columns(CeilDiv(width, kBlock)) {}

Result<std::unique_ptr<FrameState>> FrameState::Create(const SenseNets& nets, int width,
                                                       int height) {
  std::unique_ptr<FrameState> state(new FrameState(width, height));
  FURL_RETURN_IF_ERROR(
      ForEachTensor(state.get(), [](nn::Tensor* t, Format format, int h, int w, int channels) {
        return t->Reshape(format, h, w, channels);
      }));
  for (int y = 0; y < state->gray.height(); ++y) {
    std::fill_n(state->gray.S16(y, 0), state->gray.width() * kPackedChannels, int16_t{kGray12});
  }
  FURL_ASSIGN_OR_RETURN(state->posterior,
                        nn::PlanState::Create(nets.posterior, state->rows, state->columns));
  FURL_ASSIGN_OR_RETURN(state->synthesis,
                        nn::PlanState::Create(nets.synthesis, state->rows, state->columns));
  return state;
}

size_t FrameState::BytesOf(const SenseNets& nets, int width, int height) {
  FrameState state(width, height);  // holds nothing yet
  uint64_t total = nn::PlanState::BytesOf(*nets.posterior, state.rows, state.columns) +
                   nn::PlanState::BytesOf(*nets.synthesis, state.rows, state.columns);
  const nn::Graph& posterior = nets.posterior->graph();
  total += nn::Tensor::BytesOf(Format::kS16, state.rows, state.columns,
                               posterior.tensors[posterior.outputs[0]].channels);
  const auto add = [&](nn::Tensor*, Format format, int h, int w, int channels) {
    total += nn::Tensor::BytesOf(format, h, w, channels);
    return OkStatus();
  };
  (void)ForEachTensor(&state, add);
  // The empty memory of key frames, and that of the frame.
  total += 2 * nn::Tensor::BytesOf(Format::kU7, state.rows, state.columns, nets.memory);
  total += 2 * nn::Tensor::BytesOf(Format::kS16, state.rows, state.columns, nets.memory);
  total += 2 * nn::Tensor::BytesOf(Format::kS16, state.rows, state.columns, kMostRows);
  return total;
}

int AgeAfter(const FamilyMemory* memory) {
  return memory == nullptr ? 0 : static_cast<const SenseMemory*>(memory)->age + 1;
}

void Dequantize(const MeasurementPlan& plan, const BlockSymbols& symbols, int16_t* measured,
                uint8_t* mask) {
  std::fill_n(measured, kMostRows, int16_t{0});
  std::fill_n(mask, kMostRows, uint8_t{0});
  SetRows(plan.luma.data(), plan.luma_count, plan.step, symbols.luma, 0, measured, mask);
  for (int c = 0; c < 2; ++c) {
    SetRows(plan.chroma.data(), plan.chroma_count, plan.step, symbols.chroma[c],
            kMostLuma + c * kMostChroma, measured, mask);
  }
}

void SetBlock(const MeasurementPlan& plan, const BlockSymbols& symbols, int row, int column,
              FrameState* state) {
  Dequantize(plan, symbols, state->measured.S16(row, column), state->mask.U7(row, column));
}

Status Reconstruct(const SenseNets& nets, const FrameTask& task, FrameState* state,
                   FrameOutput* output) {
  const auto* before = static_cast<const SenseMemory*>(task.memory[0]);
  std::shared_ptr<SenseMemory> empty;
  if (before == nullptr) {
    FURL_ASSIGN_OR_RETURN(empty, MakeMemory(nets, *state));
    before = empty.get();
  }
  FURL_ASSIGN_OR_RETURN(const std::shared_ptr<SenseMemory> memory, MakeMemory(nets, *state));
  memory->age = AgeAfter(task.memory[0]);
  const int row = ModelQp(task.qp);
  FURL_RETURN_IF_ERROR(state->posterior->Run(
      row, {&state->measured, &state->mask, &before->hidden, &before->cell, &before->rows},
      {&state->mean, &memory->hidden, &memory->cell, &memory->rows}, task.pool));
  FURL_RETURN_IF_ERROR(state->synthesis->Run(row, {&state->mean, &memory->rows, &state->gray},
                                             {&state->recon}, task.pool));
  UnpackPicture(state->recon, task.pool, output->picture);
  output->memory = memory;
  return OkStatus();
}

}  // namespace furl::sense
