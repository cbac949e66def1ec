#include "codec/families/vq/frame_codec.h"

#include <algorithm>

#include "base/checked_math.h"
#include "codec/common/pack.h"
#include "codec/latents/position_qps.h"
#include "codec/latents/predicted.h"

namespace furl::vq {
namespace {

using nn::Format;

// Calls make(tensor, format, channels), which returns a Status, for the tensors of a grid.
template <typename Make>
Status ForEachTensor(const Grid& grid, GridState* state, const Make& make) {
  FURL_RETURN_IF_ERROR(make(&state->features, Format::kU7, grid.features));
  FURL_RETURN_IF_ERROR(make(&state->latent, Format::kS16, grid.width));
  FURL_RETURN_IF_ERROR(make(&state->sums, Format::kS16, grid.width));
  FURL_RETURN_IF_ERROR(make(&state->levels, Format::kU7, grid.width));
  FURL_RETURN_IF_ERROR(make(&state->logits, Format::kS16, grid.slices() * grid.entries));
  FURL_RETURN_IF_ERROR(make(&state->significance, Format::kS16, nn::kChannelMultiple));
  return make(&state->offset, Format::kS16, grid.width);
}

// Replaces the state of another plan.
Status PreparePlan(const std::shared_ptr<const nn::Plan>& plan, int rows, int columns,
                   std::unique_ptr<nn::PlanState>* state) {
  state->reset();
  FURL_ASSIGN_OR_RETURN(*state, nn::PlanState::Create(plan, rows, columns));
  return OkStatus();
}

void AddTo(int16_t* latent, int what) {
  *latent = static_cast<int16_t>(Clamp<int>(*latent + what, -kMaxLatent, kMaxLatent));
}

// One grid of a frame on its way through the passes.
class GridWalk {
 public:
  GridWalk(const Grid& grid, const FrameTask& task, EntrySource* source, GridState* state)
      : grid_(grid), task_(task), qps_(task, grid.top ? 16 : 8), source_(source), state_(state) {}

  // The latents hold what is known before the first pass.
  Status Run() {
    state_->sums.Clear();
    state_->levels.Clear();
    std::fill(state_->counts.begin(), state_->counts.end(), uint8_t{0});
    for (size_t i = 0; i < grid_.passes.size(); ++i) {
      const Pass& pass = grid_.passes[i];
      FURL_RETURN_IF_ERROR(RunPrior(pass, state_->priors[i].get()));
      for (int y = 0; y < state_->latent.height(); ++y) {
        for (int x = 0; x < state_->latent.width(); ++x) {
          if (pass.phase.Has(y, x)) CodePosition(pass, y, x);
        }
      }
    }
    return OkStatus();
  }

 private:
  Status RunPrior(const Pass& pass, nn::PlanState* plan) {
    std::vector<nn::Tensor*> outputs = {&state_->logits, &state_->significance};
    if (pass.stage == 0) outputs.push_back(&state_->offset);
    const nn::Tensor* const inputs[] = {&state_->features, &state_->latent, &state_->levels};
    return plan->Run(ModelQp(task_.qp), inputs, outputs, task_.pool);
  }

  // Blocks inside of those in samples have no entries.
  bool IsCoded(int y, int x) const {
    if (task_.samples == nullptr) return true;
    const int shift = grid_.top ? 0 : 1;
    return !task_.samples->At(x >> shift, y >> shift) ||
           !task_.samples->Inside(x >> shift, y >> shift);
  }

  void CodePosition(const Pass& pass, int y, int x) {
    int16_t* const latent = state_->latent.S16(y, x);
    if (pass.stage == 0) {
      const int16_t* const offset = state_->offset.S16(y, x);
      for (int i = 0; i < grid_.width; ++i) AddTo(latent + i, offset[i]);
    }
    if (!IsCoded(y, x)) return;
    uint8_t* const counts = state_->counts.data() +
                            (static_cast<size_t>(y) * state_->latent.width() + x) * grid_.slices();
    int before = 0;
    for (int slice = 0; slice < grid_.slices(); ++slice) {
      if (counts[slice] != pass.stage || !CodeSlice(pass.stage, slice, before, y, x)) continue;
      ++counts[slice];
      before = std::min(before + 1, kContexts - 1);
    }
  }

  // Whether the slice has an entry.
  bool CodeSlice(int stage, int slice, int before, int y, int x) {
    int16_t* const latent = state_->latent.S16(y, x);
    const int offset = qps_.OffsetAt(y, x);
    const int step = StepOf(task_.qp + offset);
    const int odds = state_->significance.S16(y, x)[slice] + grid_.Context(stage, slice, before);
    const int entry = source_->Next(
        {grid_,
         stage,
         slice,
         y,
         x,
         step,
         latent,
         {state_->logits.S16(y, x) + slice * grid_.entries, static_cast<size_t>(grid_.entries)},
         models_[stage].Of(odds, offset)});
    if (entry < 0) return false;
    const int16_t* const numbers = grid_.Entry(stage, entry);
    int16_t* const sums = state_->sums.S16(y, x);
    uint8_t* const levels = state_->levels.U7(y, x);
    for (int i = grid_.begin(slice); i < grid_.ends[slice]; ++i) {
      AddTo(latent + i, LatentOf(numbers[i], step, grid_.unit()));
      sums[i] = static_cast<int16_t>(sums[i] + numbers[i]);
      levels[i] = LevelOf(sums[i]);
    }
    return true;
  }

  const Grid& grid_;
  const FrameTask& task_;
  const latents::PositionQps qps_;
  EntrySource* const source_;
  GridState* const state_;
  SignificanceModels models_[kMaxStages];
};

}  // namespace

Status GridState::Prepare(const Grid& grid, int height, int width, int rows, int columns) {
  FURL_RETURN_IF_ERROR(
      ForEachTensor(grid, this, [&](nn::Tensor* tensor, Format format, int channels) {
        return tensor->Reshape(format, height, width, channels);
      }));
  counts.resize(static_cast<size_t>(height) * width * grid.slices());
  priors.clear();
  for (const Pass& pass : grid.passes) {
    FURL_RETURN_IF_ERROR(PreparePlan(pass.prior, rows, columns, &priors.emplace_back()));
  }
  return OkStatus();
}

uint64_t GridState::BytesOf(const Grid& grid, int height, int width, int rows, int columns) {
  uint64_t total = 0;
  GridState none;
  const auto add = [&](nn::Tensor*, Format format, int channels) {
    total += nn::Tensor::BytesOf(format, height, width, channels);
    return OkStatus();
  };
  (void)ForEachTensor(grid, &none, add);
  total += uint64_t{static_cast<unsigned>(height)} * width * grid.slices();
  for (const Pass& pass : grid.passes) {
    total += nn::PlanState::BytesOf(*pass.prior, rows, columns);
  }
  return total;
}

FrameState::FrameState(int w, int h)
    : width(w), height(h), rows(CeilDiv(h, 16)), columns(CeilDiv(w, 16)) {}

size_t FrameState::BytesOf(const FrameNets& intra, const FrameNets& inter, int width, int height) {
  const int rows = CeilDiv(height, 16);
  const int columns = CeilDiv(width, 16);
  uint64_t most = 0;
  for (const FrameNets* nets : {&intra, &inter}) {
    uint64_t total = GridState::BytesOf(nets->top, rows, columns, rows, columns) +
                     GridState::BytesOf(nets->bottom, 2 * rows, 2 * columns, rows, columns);
    for (const auto* plan : {&nets->features, &nets->expand, &nets->synthesis}) {
      total += nn::PlanState::BytesOf(**plan, rows, columns);
    }
    most = std::max(most, total);
  }
  return most + nn::Tensor::BytesOf(Format::kS16, 2 * rows, 2 * columns, kPackedChannels) * 2 +
         nn::Tensor::BytesOf(Format::kU7, 2 * rows, 2 * columns, kPackedChannels) +
         sizeof(FrameState) + Frame::BytesOf(width, height, filter::kFilterBorder);
}

Status FrameState::Prepare(const FrameNets& nets) {
  for (nn::Tensor* t : {&pred12, &packed}) {
    FURL_RETURN_IF_ERROR(t->Reshape(Format::kS16, 2 * rows, 2 * columns, kPackedChannels));
  }
  FURL_RETURN_IF_ERROR(diff7.Reshape(Format::kU7, 2 * rows, 2 * columns, kPackedChannels));
  if (decoded == nullptr) {
    FURL_ASSIGN_OR_RETURN(decoded,
                          Frame::Create(width, height, kSampleBits, filter::kFilterBorder));
  }
  if (nets_ == &nets) return OkStatus();
  nets_ = nullptr;
  FURL_RETURN_IF_ERROR(top.Prepare(nets.top, rows, columns, rows, columns));
  FURL_RETURN_IF_ERROR(bottom.Prepare(nets.bottom, 2 * rows, 2 * columns, rows, columns));
  FURL_RETURN_IF_ERROR(PreparePlan(nets.features, rows, columns, &features));
  FURL_RETURN_IF_ERROR(PreparePlan(nets.expand, rows, columns, &expand));
  FURL_RETURN_IF_ERROR(PreparePlan(nets.synthesis, rows, columns, &synthesis));
  nets_ = &nets;
  return OkStatus();
}

Status SeePrediction(const FrameNets& nets, const FrameTask& task, FrameState* state) {
  latents::PackPredicted(task, &state->pred12);
  std::vector<const nn::Tensor*> inputs = {&state->pred12};
  if (nets.inter) {
    latents::PackDifference(task, &state->diff7);
    inputs.push_back(&state->diff7);
  }
  nn::Tensor* const outputs[] = {&state->top.features, &state->bottom.features};
  return state->features->Run(ModelQp(task.qp), inputs, outputs, task.pool);
}

Status WalkGrids(const FrameNets& nets, const FrameTask& task, EntrySource* source,
                 FrameState* state) {
  state->top.latent.Clear();
  FURL_RETURN_IF_ERROR(GridWalk(nets.top, task, source, &state->top).Run());
  FURL_RETURN_IF_ERROR(state->expand->Run(ModelQp(task.qp), {&state->top.latent},
                                          {&state->bottom.latent}, task.pool));
  return GridWalk(nets.bottom, task, source, &state->bottom).Run();
}

Status Synthesize(const FrameTask& task, FrameState* state, Frame* decoded) {
  FURL_RETURN_IF_ERROR(state->synthesis->Run(
      ModelQp(task.qp), {&state->top.latent, &state->bottom.latent, &state->pred12},
      {&state->packed}, task.pool));
  UnpackPicture(state->packed, task.pool, decoded);
  if (task.samples != nullptr) task.samples->Overlay(decoded);
  decoded->ExtendBorder();
  return OkStatus();
}

}  // namespace furl::vq
