// Plan: a validated graph with its weights packed for one CPU target; immutable,
// shared by threads. PlanState: the activations of one run at a time, for one
// grid size.
//
//   FURL_ASSIGN_OR_RETURN(std::shared_ptr<const Plan> plan, Plan::Create(graph));
//   FURL_ASSIGN_OR_RETURN(auto state, PlanState::Create(plan, h, w));
//   FURL_RETURN_IF_ERROR(state->Run(bias_row, {&latent, &pred}, {&recon}, pool));
//
// Results don't depend on the target, the number of threads or what ran before.

#ifndef FURL_NN_PLAN_H_
#define FURL_NN_PLAN_H_

#include <initializer_list>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "nn/cpu.h"
#include "nn/graph/graph.h"
#include "nn/kernels/kernels.h"
#include "nn/ops/operator.h"
#include "nn/plan_slots.h"
#include "nn/plan_stages.h"
#include "nn/tensor.h"

namespace furl::nn {

inline constexpr int kMaxLatentSide = 2048;

class Plan {
 public:
  // Fails as ValidateGraph and CheckSlotBytes do, or with kOutOfMemory.
  // The target is the fastest of this machine within FURL_CPU (nn/cpu.h).
  static Result<std::unique_ptr<Plan>> Create(std::shared_ptr<const Graph> graph);
  // For a given target, which must be supported.
  static Result<std::unique_ptr<Plan>> Create(std::shared_ptr<const Graph> graph, CpuTarget target);
  ~Plan();
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  const Graph& graph() const { return *graph_; }
  CpuTarget target() const { return target_; }

 private:
  friend class PlanState;

  Plan(std::shared_ptr<const Graph> graph, CpuTarget target);
  Status Pack();

  std::shared_ptr<const Graph> graph_;
  CpuTarget target_;
  const Kernels* kernels_;             // null: the scalar definition
  std::vector<PackedNumbers> packed_;  // one per node
  StagePlan stages_;
  SlotPlan slots_;
  std::vector<int> input_of_tensor_;  // position in graph.inputs, or -1
};

class PlanState {
 public:
  // Activations for a latent grid of height x width positions (scale 16). Fails
  // with kInvalidArgument, kLimitExceeded or kOutOfMemory.
  static Result<std::unique_ptr<PlanState>> Create(std::shared_ptr<const Plan> plan, int height,
                                                   int width);

  int height() const { return height_; }
  int width() const { return width_; }

  // Shape of a tensor of the graph at this grid size.
  int TensorHeight(const TensorInfo& info) const;
  int TensorWidth(const TensorInfo& info) const;

  // Runs the graph once, with row `bias_row` (0...kBiasRows - 1) where a bias has many. Inputs in
  // the order of graph().inputs, of exactly the right shape and with a zero border; outputs in the
  // order of graph().outputs, reshaped where they need it, each a tensor of its own and none also
  // an input. `pool` may be null. Fails with kInvalidArgument or kOutOfMemory; the outputs are then
  // undefined.
  Status Run(int bias_row, std::span<const Tensor* const> inputs, std::span<Tensor* const> outputs,
             ThreadPool* pool);
  Status Run(int bias_row, std::initializer_list<const Tensor*> inputs,
             std::initializer_list<Tensor*> outputs, ThreadPool* pool) {
    return Run(bias_row, std::span(inputs.begin(), inputs.size()),
               std::span(outputs.begin(), outputs.size()), pool);
  }

  // Bytes of activations that the state of a plan holds for a grid that Create accepts.
  static uint64_t BytesOf(const Plan& plan, int height, int width);

 private:
  PlanState(std::shared_ptr<const Plan> plan, int height, int width)
      : plan_(std::move(plan)), height_(height), width_(width) {}
  Status BindInputs(std::span<const Tensor* const> inputs);
  Status BindOutputs(std::span<const Tensor* const> inputs, std::span<Tensor* const> outputs);
  void RunStage(const Stage& stage, int bias_row, ThreadPool* pool);
  void RunBand(const Stage& stage, int bias_row, int unit_begin, int unit_end);
  void RunRows(int index, int bias_row, int row_begin, int row_end);
  void SplitDigits(int index, int row_begin, int row_end);

  std::shared_ptr<const Plan> plan_;
  int height_;
  int width_;
  std::vector<Tensor> slots_;
  // Where each tensor of the graph lies during a run.
  std::vector<const Tensor*> source_;
  std::vector<Tensor*> target_;
};

}  // namespace furl::nn

#endif  // FURL_NN_PLAN_H_
