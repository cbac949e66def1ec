#include "nn/plan.h"

#include <algorithm>
#include <utility>

#include "nn/graph_check.h"
#include "nn/scalar_ops.h"

namespace furl::nn {
namespace {

constexpr int kRowsPerJob = 2;

bool SameShape(const TensorInfo& a, const TensorInfo& b) {
  return a.format == b.format && a.channels == b.channels && a.scale == b.scale &&
         CanonicalRoundedScale(a.scale, a.rounded_scale) ==
             CanonicalRoundedScale(b.scale, b.rounded_scale);
}

}  // namespace

Plan::~Plan() = default;

Result<std::unique_ptr<Plan>> Plan::Create(std::shared_ptr<const Graph> graph) {
  if (graph == nullptr) return InvalidArgument("no graph");
  FURL_RETURN_IF_ERROR(ValidateGraph(*graph));
  std::unique_ptr<Plan> plan(new Plan(std::move(graph)));
  plan->AssignSlots();
  return plan;
}

// Tensors share a buffer only with others of exactly the same shape: the zero
// border then stays where it is.
int Plan::TakeSlot(const TensorInfo& shape, int from_node, int last_node) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].free_after < from_node && SameShape(slots_[i].shape, shape)) {
      slots_[i].free_after = last_node;
      return static_cast<int>(i);
    }
  }
  slots_.push_back({shape, last_node});
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
  std::vector<int> last_use(g.tensors.size(), -1);
  for (size_t n = 0; n < g.nodes.size(); ++n) {
    for (int in : g.nodes[n].in) last_use[in] = static_cast<int>(n);
  }
  slot_of_tensor_.assign(g.tensors.size(), -1);
  for (size_t n = 0; n < g.nodes.size(); ++n) {
    const int out = g.nodes[n].out;
    if (output_of_tensor_[out] >= 0) continue;
    const int last = std::max(last_use[out], static_cast<int>(n));
    slot_of_tensor_[out] = TakeSlot(g.tensors[out], static_cast<int>(n), last);
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

Status PlanState::Run(int qp, std::span<const Tensor* const> inputs,
                      std::span<Tensor* const> outputs, ThreadPool* pool) {
  const Graph& g = plan_->graph();
  if (qp < 0 || qp >= kQpRows) return InvalidArgument("qp");
  source_.assign(g.tensors.size(), nullptr);
  target_.assign(g.tensors.size(), nullptr);
  FURL_RETURN_IF_ERROR(BindInputs(inputs));
  FURL_RETURN_IF_ERROR(BindOutputs(inputs, outputs));
  for (size_t t = 0; t < g.tensors.size(); ++t) {
    const int slot = plan_->slot_of_tensor_[t];
    if (slot >= 0) target_[t] = &slots_[slot];
    if (source_[t] == nullptr) source_[t] = target_[t];
  }
  for (const Node& node : g.nodes) RunNode(node, qp, pool);
  for (size_t i = 0; i < outputs.size(); ++i) {
    const int input = plan_->input_of_tensor_[g.outputs[i]];
    if (input >= 0) FURL_RETURN_IF_ERROR(outputs[i]->CopyFrom(*inputs[input]));
  }
  return OkStatus();
}

void PlanState::RunNode(const Node& node, int qp, ThreadPool* pool) {
  const Tensor& in = *source_[node.in[0]];
  const Tensor* second = node.in.size() > 1 ? source_[node.in[1]] : nullptr;
  Tensor* out = target_[node.out];
  std::vector<const Tensor*> all;
  for (int index : node.in) all.push_back(source_[index]);
  const int bias_row = node.weights.bias_rows > 1 ? qp : 0;
  const auto rows = [&](int begin, int end) {
    switch (node.op) {
      case Op::kConv:
      case Op::kConv16: ConvScalar(node, bias_row, in, second, out, begin, end); break;
      case Op::kQuant: QuantScalar(node, in, out, begin, end); break;
      case Op::kAdd: AddScalar(in, *second, out, begin, end); break;
      case Op::kConcat: ConcatRows(all, out, begin, end); break;
      case Op::kSpaceToDepth: SpaceToDepthRows(in, out, begin, end); break;
      case Op::kDepthToSpace: DepthToSpaceRows(in, out, begin, end); break;
      case Op::kCrop: CropRows(in, out, begin, end); break;
    }
  };
  ParallelFor(pool, CeilDiv(out->height(), kRowsPerJob), [&](int job) {
    rows(job * kRowsPerJob, std::min(out->height(), (job + 1) * kRowsPerJob));
  });
}

}  // namespace furl::nn
