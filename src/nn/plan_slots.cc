#include "nn/plan_slots.h"

#include <algorithm>

#include "nn/ops/rules.h"
#include "nn/tensor.h"

namespace furl::nn {
namespace {

bool SameShape(const TensorInfo& a, const TensorInfo& b) {
  return a.format == b.format && a.channels == b.channels && SameSize(a, b);
}

// Tensors share a slot only with others of exactly the same shape: the zero
// border then stays where it is. Digit planes, whose borders are not zero, share with their like.
// And never within a stage, whose bands run in any order.
int TakeSlot(const TensorInfo& shape, bool digits, int first_stage, int last_stage,
             std::vector<SlotPlan::Slot>* slots) {
  for (size_t i = 0; i < slots->size(); ++i) {
    SlotPlan::Slot& slot = (*slots)[i];
    if (slot.free_after < first_stage && slot.digits == digits && SameShape(slot.shape, shape)) {
      slot.free_after = last_stage;
      return static_cast<int>(i);
    }
  }
  slots->push_back({shape, digits, last_stage});
  return static_cast<int>(slots->size()) - 1;
}

// By tensor: the last stage that reads it, or -1.
std::vector<int> LastUses(const Graph& graph, const StagePlan& stages) {
  std::vector<int> last_use(graph.tensors.size(), -1);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    for (int in : graph.nodes[n].in) last_use[in] = stages.stage_of_node[n];
  }
  return last_use;
}

}  // namespace

SlotPlan AssignSlots(const Graph& graph, const StagePlan& stages) {
  std::vector<bool> is_output(graph.tensors.size(), false);
  for (int output : graph.outputs) is_output[output] = true;
  const std::vector<int> last_use = LastUses(graph, stages);
  SlotPlan plan;
  plan.slot_of_tensor.assign(graph.tensors.size(), -1);
  plan.digits_of_node.resize(graph.nodes.size());
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    const int stage = stages.stage_of_node[n];
    const int split_stage = stages.split_stage_of_node[n];
    if (split_stage >= 0) {
      TensorInfo digits = graph.tensors[node.in[0]];
      digits.format = Format::kU7;
      plan.digits_of_node[n] = {TakeSlot(digits, true, split_stage, stage, &plan.slots),
                                TakeSlot(digits, true, split_stage, stage, &plan.slots)};
    }
    if (is_output[node.out]) continue;
    plan.slot_of_tensor[node.out] = TakeSlot(graph.tensors[node.out], false, stage,
                                             std::max(last_use[node.out], stage), &plan.slots);
  }
  return plan;
}

double BytesPerPixel(const SlotPlan& plan) {
  double total = 0;
  for (const SlotPlan::Slot& slot : plan.slots) {
    const double scale = slot.shape.scale;
    total += slot.shape.channels * BytesPerValue(slot.shape.format) / (scale * scale);
  }
  return total;
}

Status CheckSlotBytes(const Graph& graph) {
  for (const bool digits : {false, true}) {
    const double bytes = BytesPerPixel(AssignSlots(graph, BuildStages(graph, digits)));
    if (bytes > kMaxSlotBytesPerPixel) {
      return LimitExceeded(graph.name + ": activations of " +
                           std::to_string(static_cast<int64_t>(bytes)) +
                           " bytes per pixel are above the limit");
    }
  }
  return OkStatus();
}

}  // namespace furl::nn
