#include "nn/plan.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "nn/graph/graph_check.h"
#include "nn/ops/rules.h"

namespace furl::nn {
namespace {

// A stage is handed out in this many bands per thread at least, so that a slow
// thread holds nobody up; bands are wide enough to reuse the rows of a 3x3
// kernel and narrow enough to stay in the cache.
constexpr int kBandsPerThread = 6;
constexpr int kMaxBandUnits = 8;
// Waking a thread costs more than computing this many multiply-accumulates.
constexpr double kMacsWorthSharing = 3e6;
constexpr uint8_t kHighDigitOfZero = 8192 >> 7;

bool SameShape(const TensorInfo& a, const TensorInfo& b) {
  return a.format == b.format && a.channels == b.channels && SameSize(a, b);
}

}  // namespace

Plan::Plan(std::shared_ptr<const Graph> graph, CpuTarget target)
    : graph_(std::move(graph)),
      target_(target),
      kernels_(FindKernels(target)),
      stages_(BuildStages(*graph_, kernels_ != nullptr)) {}

Plan::~Plan() = default;

Result<std::unique_ptr<Plan>> Plan::Create(std::shared_ptr<const Graph> graph) {
  FURL_ASSIGN_OR_RETURN(const CpuTarget target, ChooseCpuTarget());
  return Create(std::move(graph), target);
}

Result<std::unique_ptr<Plan>> Plan::Create(std::shared_ptr<const Graph> graph, CpuTarget target) {
  if (graph == nullptr) return InvalidArgument("no graph");
  if (!CpuTargetIsSupported(target)) return Unsupported(CpuTargetName(target));
  FURL_RETURN_IF_ERROR(ValidateGraph(*graph));
  std::unique_ptr<Plan> plan(new Plan(std::move(graph), target));
  plan->AssignSlots();
  FURL_RETURN_IF_ERROR(plan->Pack());
  return plan;
}

Status Plan::Pack() {
  if (kernels_ == nullptr) return OkStatus();
  for (size_t n = 0; n < packed_.size(); ++n) {
    const Node& node = graph_->nodes[n];
    const auto pack = OperatorOf(node).pack;
    if (pack != nullptr) FURL_RETURN_IF_ERROR(pack(node, *kernels_, &packed_[n].numbers));
  }
  return OkStatus();
}

// Tensors share a buffer only with others of exactly the same shape: the zero
// border then stays where it is. And never within a stage, whose bands run in
// any order.
int Plan::TakeSlot(const TensorInfo& shape, uint8_t border, int first_stage, int last_stage) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].free_after < first_stage && slots_[i].border == border &&
        SameShape(slots_[i].shape, shape)) {
      slots_[i].free_after = last_stage;
      return static_cast<int>(i);
    }
  }
  slots_.push_back({shape, border, last_stage});
  return static_cast<int>(slots_.size()) - 1;
}

void Plan::AssignSlots() {
  const Graph& g = *graph_;
  const auto indices = [&](const std::vector<int>& list) {
    std::vector<int> position(g.tensors.size(), -1);
    for (size_t i = 0; i < list.size(); ++i) position[list[i]] = static_cast<int>(i);
    return position;
  };
  input_of_tensor_ = indices(g.inputs);
  output_of_tensor_ = indices(g.outputs);
  const std::vector<int>& stage_of = stages_.stage_of_node;
  std::vector<int> last_use(g.tensors.size(), -1);
  for (size_t n = 0; n < g.nodes.size(); ++n) {
    for (int in : g.nodes[n].in) last_use[in] = stage_of[n];
  }
  slot_of_tensor_.assign(g.tensors.size(), -1);
  packed_.resize(g.nodes.size());
  for (size_t n = 0; n < g.nodes.size(); ++n) {
    const int split_stage = stages_.split_stage_of_node[n];
    if (split_stage >= 0) {
      TensorInfo digits = g.tensors[g.nodes[n].in[0]];
      digits.format = Format::kU7;
      packed_[n].high_slot = TakeSlot(digits, kHighDigitOfZero, split_stage, stage_of[n]);
      packed_[n].low_slot = TakeSlot(digits, 0, split_stage, stage_of[n]);
    }
    const int out = g.nodes[n].out;
    if (output_of_tensor_[out] < 0) {
      const int last = std::max(last_use[out], stage_of[n]);
      slot_of_tensor_[out] = TakeSlot(g.tensors[out], 0, stage_of[n], last);
    }
  }
}

Result<std::unique_ptr<PlanState>> PlanState::Create(std::shared_ptr<const Plan> plan, int height,
                                                     int width) {
  if (plan == nullptr || height < 1 || width < 1) return InvalidArgument("latent grid");
  if (height > kMaxLatentSide || width > kMaxLatentSide) return LimitExceeded("latent grid");
  std::unique_ptr<PlanState> state(new PlanState(std::move(plan), height, width));
  for (const Plan::Slot& slot : state->plan_->slots_) {
    const TensorInfo& info = slot.shape;
    FURL_ASSIGN_OR_RETURN(Tensor tensor, Tensor::Create(info.format, state->TensorHeight(info),
                                                        state->TensorWidth(info), info.channels));
    if (slot.border != 0) {
      const size_t bytes = (tensor.height() + 2) * tensor.row_stride();
      std::memset(tensor.Bytes(-1, -1), slot.border, bytes);
    }
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

size_t PlanState::MemoryBytes() const {
  size_t total = 0;
  for (const Tensor& t : slots_) {
    total += (t.height() + 2) * t.row_stride() * BytesPerValue(t.format());
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
    const int slot = plan_->slot_of_tensor_[t];
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
  const Plan::PackedNode& packed = plan_->packed_[index];
  const NodeRun run = {
      .node = node,
      .kernels = plan_->kernels_,
      .packed = packed.numbers,
      .bias_row = node.weights.bias_rows > 1 ? bias_row : 0,
      .tensors = source_.data(),
      .high = packed.high_slot >= 0 ? &slots_[packed.high_slot] : nullptr,
      .low = packed.low_slot >= 0 ? &slots_[packed.low_slot] : nullptr,
      .out = target_[node.out],
  };
  OperatorOf(node).run(run, row_begin, row_end);
}

void PlanState::SplitDigits(int index, int row_begin, int row_end) {
  const Plan::PackedNode& packed = plan_->packed_[index];
  const Tensor& in = *source_[plan_->graph().nodes[index].in[0]];
  const size_t row_values = size_t(in.width()) * in.channels();
  for (int y = row_begin; y < row_end; ++y) {
    plan_->kernels_->split(in.S16(y, 0), row_values, slots_[packed.high_slot].U7(y, 0),
                           slots_[packed.low_slot].U7(y, 0));
  }
}

}  // namespace furl::nn
