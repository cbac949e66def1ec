#include "nn/plan_stages.h"

#include <algorithm>

#include "nn/ops/operator.h"

namespace furl::nn {
namespace {

class Builder {
 public:
  Builder(const Graph& graph, bool digits)
      : graph_(graph), digits_(digits), complete_after_(graph.tensors.size(), -1) {
    plan_.stages.emplace_back();
  }

  StagePlan Build() {
    for (int n = 0; n < static_cast<int>(graph_.nodes.size()); ++n) Place(n);
    return std::move(plan_);
  }

 private:
  int current() const { return static_cast<int>(plan_.stages.size()) - 1; }

  void Place(int n) {
    const Node& node = graph_.nodes[n];
    const Operator& op = OperatorOf(node);
    const bool around = op.halo != nullptr && op.halo(node) > 0;
    const bool split = digits_ && op.on_digits;
    plan_.split_stage_of_node.push_back(split ? current() : -1);
    if (split) Append(n, true);
    // Other inputs are read at the same rows only.
    if (around && (split || complete_after_[node.in[0]] == current())) {
      plan_.stages.emplace_back();
    }
    Append(n, false);
    plan_.stage_of_node.push_back(current());
    complete_after_[node.out] = current();
  }

  void Append(int n, bool split) {
    const Node& node = graph_.nodes[n];
    Stage& stage = plan_.stages.back();
    stage.steps.push_back({n, split});
    for (int in : node.in) stage.scale = std::max(stage.scale, graph_.tensors[in].scale);
    const TensorInfo& out = graph_.tensors[split ? node.in[0] : node.out];
    stage.scale = std::max(stage.scale, out.scale);
    const double per_position =
        split ? out.channels * kMacsPerMovedValue : WorkPerPosition(graph_, node);
    stage.macs += per_position / (double(out.scale) * out.scale);
  }

  const Graph& graph_;
  const bool digits_;
  std::vector<int> complete_after_;  // by tensor: the stage that writes it
  StagePlan plan_;
};

}  // namespace

StagePlan BuildStages(const Graph& graph, bool digits) { return Builder(graph, digits).Build(); }

}  // namespace furl::nn
