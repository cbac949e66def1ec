#include "nn/plan.h"

#include <algorithm>
#include <utility>

#include "nn/graph/graph_check.h"

namespace furl::nn {
namespace {

// A stage is handed out in this many bands per thread at least, so that a slow
// thread holds nobody up; bands are wide enough to reuse the rows of a 3x3
// kernel and narrow enough to stay in the cache.
constexpr int kBandsPerThread = 6;
constexpr int kMaxBandUnits = 8;
// Waking a thread costs more than computing this many multiply-accumulates.
constexpr double kMacsWorthSharing = 3e6;

}  // namespace

Plan::Plan(std::shared_ptr<const Graph> graph, CpuTarget target)
    : graph_(std::move(graph)),
      target_(target),
      kernels_(FindKernels(target)),
      packed_(graph_->nodes.size()),
      stages_(BuildStages(*graph_, kernels_ != nullptr)),
      slots_(AssignSlots(*graph_, stages_)),
      input_of_tensor_(graph_->tensors.size(), -1) {
  for (size_t i = 0; i < graph_->inputs.size(); ++i) {
    input_of_tensor_[graph_->inputs[i]] = static_cast<int>(i);
  }
}

Plan::~Plan() = default;

Result<std::unique_ptr<Plan>> Plan::Create(std::shared_ptr<const Graph> graph) {
  FURL_ASSIGN_OR_RETURN(const CpuTarget target, ChooseCpuTarget());
  return Create(std::move(graph), target);
}

Result<std::unique_ptr<Plan>> Plan::Create(std::shared_ptr<const Graph> graph, CpuTarget target) {
  if (graph == nullptr) return InvalidArgument("no graph");
  if (!CpuTargetIsSupported(target)) return Unsupported(CpuTargetName(target));
  FURL_RETURN_IF_ERROR(ValidateGraph(*graph));
  FURL_RETURN_IF_ERROR(CheckSlotBytes(*graph));
  std::unique_ptr<Plan> plan(new Plan(std::move(graph), target));
  FURL_RETURN_IF_ERROR(plan->Pack());
  return plan;
}

Status Plan::Pack() {
  if (kernels_ == nullptr) return OkStatus();
  for (size_t n = 0; n < packed_.size(); ++n) {
    const Node& node = graph_->nodes[n];
    const auto pack = OperatorOf(node).pack;
    if (pack != nullptr) FURL_RETURN_IF_ERROR(pack(node, *kernels_, &packed_[n]));
  }
  return OkStatus();
}

Result<std::unique_ptr<PlanState>> PlanState::Create(std::shared_ptr<const Plan> plan, int height,
                                                     int width) {
  if (plan == nullptr || height < 1 || width < 1) return InvalidArgument("latent grid");
  if (height > kMaxLatentSide || width > kMaxLatentSide) return LimitExceeded("latent grid");
  std::unique_ptr<PlanState> state(new PlanState(std::move(plan), height, width));
  for (const SlotPlan::Slot& slot : state->plan_->slots_.slots) {
    const TensorInfo& info = slot.shape;
    FURL_ASSIGN_OR_RETURN(Tensor tensor, Tensor::Create(info.format, state->TensorHeight(info),
                                                        state->TensorWidth(info), info.channels));
    state->slots_.push_back(std::move(tensor));
  }
  return state;
}

int PlanState::TensorHeight(const TensorInfo& info) const {
  return SideAtScale(height_, info.scale, info.rounded_scale);
}

int PlanState::TensorWidth(const TensorInfo& info) const {
  return SideAtScale(width_, info.scale, info.rounded_scale);
}

uint64_t PlanState::BytesOf(const Plan& plan, int height, int width) {
  uint64_t total = 0;
  for (const SlotPlan::Slot& slot : plan.slots_.slots) {
    const TensorInfo& t = slot.shape;
    total += Tensor::BytesOf(t.format, SideAtScale(height, t.scale, t.rounded_scale),
                             SideAtScale(width, t.scale, t.rounded_scale), t.channels);
  }
  return total;
}

Status PlanState::BindInputs(std::span<const Tensor* const> inputs) {
  const Graph& g = plan_->graph();
  if (inputs.size() != g.inputs.size()) return InvalidArgument(g.name + ": number of inputs");
  for (size_t i = 0; i < inputs.size(); ++i) {
    const TensorInfo& info = g.tensors[g.inputs[i]];
    if (inputs[i] == nullptr || inputs[i]->empty() ||
        !inputs[i]->HasShape(info.format, TensorHeight(info), TensorWidth(info), info.channels)) {
      return InvalidArgument(g.name + ": shape of input " + info.name);
    }
    FURL_DASSERT(inputs[i]->BorderIsZero());
    source_[g.inputs[i]] = inputs[i];
  }
  return OkStatus();
}

Status PlanState::BindOutputs(std::span<const Tensor* const> inputs,
                              std::span<Tensor* const> outputs) {
  const Graph& g = plan_->graph();
  if (outputs.size() != g.outputs.size()) return InvalidArgument(g.name + ": number of outputs");
  for (size_t i = 0; i < outputs.size(); ++i) {
    const auto earlier = outputs.first(i);
    if (outputs[i] == nullptr ||
        std::find(earlier.begin(), earlier.end(), outputs[i]) != earlier.end() ||
        std::find(inputs.begin(), inputs.end(), outputs[i]) != inputs.end()) {
      return InvalidArgument(g.name + ": an output is missing or given twice");
    }
    const TensorInfo& info = g.tensors[g.outputs[i]];
    FURL_RETURN_IF_ERROR(
        outputs[i]->Reshape(info.format, TensorHeight(info), TensorWidth(info), info.channels));
    target_[g.outputs[i]] = outputs[i];
  }
  return OkStatus();
}

Status PlanState::Run(int bias_row, std::span<const Tensor* const> inputs,
                      std::span<Tensor* const> outputs, ThreadPool* pool) {
  const Graph& g = plan_->graph();
  if (bias_row < 0 || bias_row >= kBiasRows) return InvalidArgument("bias_row");
  source_.assign(g.tensors.size(), nullptr);
  target_.assign(g.tensors.size(), nullptr);
  FURL_RETURN_IF_ERROR(BindInputs(inputs));
  FURL_RETURN_IF_ERROR(BindOutputs(inputs, outputs));
  for (size_t t = 0; t < g.tensors.size(); ++t) {
    const int slot = plan_->slots_.slot_of_tensor[t];
    if (slot >= 0) target_[t] = &slots_[slot];
    if (source_[t] == nullptr) source_[t] = target_[t];
  }
  for (const Stage& stage : plan_->stages_.stages) RunStage(stage, bias_row, pool);
  for (size_t i = 0; i < outputs.size(); ++i) {
    const int input = plan_->input_of_tensor_[g.outputs[i]];
    if (input >= 0) FURL_RETURN_IF_ERROR(outputs[i]->CopyFrom(*inputs[input]));
  }
  return OkStatus();
}

void PlanState::RunStage(const Stage& stage, int bias_row, ThreadPool* pool) {
  // 16 luma rows of the latent grid, at the coarsest scale rounded up: enough
  // units for every tensor, overhanging ones included (scale 64 at most).
  const int units = SideAtScale(height_, 64, 64) * (64 / stage.scale);
  const double macs = stage.macs * 256 * height_ * width_;
  const bool alone = pool == nullptr || pool->threads() <= 1 ||
                     (plan_->kernels_ != nullptr && macs < kMacsWorthSharing);
  const int threads = alone ? 1 : pool->threads();
  const int step = Clamp(units / (threads * kBandsPerThread), 1, kMaxBandUnits);
  ParallelFor(alone ? nullptr : pool, CeilDiv(units, step), [&](int band) {
    RunBand(stage, bias_row, band * step, std::min(units, (band + 1) * step));
  });
}

void PlanState::RunBand(const Stage& stage, int bias_row, int unit_begin, int unit_end) {
  const Graph& g = plan_->graph();
  for (const Stage::Step& step : stage.steps) {
    const Node& node = g.nodes[step.node];
    const int tensor = step.split ? node.in[0] : node.out;
    const int rows_per_unit = stage.scale / g.tensors[tensor].scale;
    const int rows = source_[tensor]->height();
    const int begin = std::min(rows, unit_begin * rows_per_unit);
    const int end = std::min(rows, unit_end * rows_per_unit);
    if (begin == end) continue;
    if (step.split) {
      SplitDigits(step.node, begin, end);
    } else {
      RunRows(step.node, bias_row, begin, end);
    }
  }
}

void PlanState::RunRows(int index, int bias_row, int row_begin, int row_end) {
  const Node& node = plan_->graph().nodes[index];
  const SlotPlan::Digits& digits = plan_->slots_.digits_of_node[index];
  const NodeRun run = {
      .node = node,
      .kernels = plan_->kernels_,
      .packed = plan_->packed_[index],
      .bias_row = node.weights.bias_rows > 1 ? bias_row : 0,
      .tensors = source_.data(),
      .high = digits.high_slot >= 0 ? &slots_[digits.high_slot] : nullptr,
      .low = digits.low_slot >= 0 ? &slots_[digits.low_slot] : nullptr,
      .out = target_[node.out],
  };
  OperatorOf(node).run(run, row_begin, row_end);
}

void PlanState::SplitDigits(int index, int row_begin, int row_end) {
  const SlotPlan::Digits& digits = plan_->slots_.digits_of_node[index];
  const Tensor& in = *source_[plan_->graph().nodes[index].in[0]];
  Tensor* const out[2] = {&slots_[digits.high_slot], &slots_[digits.low_slot]};
  const size_t row_values = size_t(in.width()) * in.channels();
  for (int y = row_begin; y < row_end; ++y) {
    plan_->kernels_->split(in.S16(y, 0), row_values, out[0]->U7(y, 0), out[1]->U7(y, 0));
    for (Tensor* digit : out) MirrorAround(y, digit);
  }
}

}  // namespace furl::nn
