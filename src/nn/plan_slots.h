// Slots of a plan: the activation buffers of a graph, each used by several tensors in turn.

#ifndef FURL_NN_PLAN_SLOTS_H_
#define FURL_NN_PLAN_SLOTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/status.h"
#include "nn/graph/graph.h"
#include "nn/plan_stages.h"

namespace furl::nn {

// What the activations of one graph may take, in bytes per luma sample. The graphs of furl's
// default model take 12 at most; a network of 192 channels at scale 4 takes 24 for each tensor.
inline constexpr double kMaxSlotBytesPerPixel = 512;

struct SlotPlan {
  struct Slot {
    TensorInfo shape;
    bool digits = false;  // a digit plane: its border mirrors the inside
    int free_after = -1;  // stage after which the content is dead, while planning
  };
  // Digit planes of a node's input 0, or -1.
  struct Digits {
    int high_slot = -1;
    int low_slot = -1;
  };

  std::vector<Slot> slots;
  std::vector<int> slot_of_tensor;     // -1: an input or output, the caller's tensor
  std::vector<Digits> digits_of_node;  // one per node
};

// Slots of a validated graph that is run in these stages.
SlotPlan AssignSlots(const Graph& graph, const StagePlan& stages);

// Bytes of one run's slots per luma sample, borders left out.
double BytesPerPixel(const SlotPlan& plan);

// kLimitExceeded where the slots of a validated graph are above kMaxSlotBytesPerPixel. The
// answer is the same on every CPU, whether or not its kernels want digit planes.
Status CheckSlotBytes(const Graph& graph);

}  // namespace furl::nn

#endif  // FURL_NN_PLAN_SLOTS_H_
