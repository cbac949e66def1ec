// The list of operators.

#include "nn/ops/operator.h"

namespace furl::nn {
namespace {

constexpr const Operator* kOperators[] = {
    &kConvOperator,   &kConv16Operator,       &kQuantOperator,        &kAddOperator,
    &kConcatOperator, &kSpaceToDepthOperator, &kDepthToSpaceOperator, &kCropOperator,
    &kLapOperator,    &kMaxPoolOperator,      &kUpsampleOperator,     &kGateOperator,
};

}  // namespace

std::span<const Operator* const> Operators() { return kOperators; }

const Operator* FindOperator(Op op) {
  const auto index = static_cast<size_t>(op);
  return index < std::size(kOperators) ? kOperators[index] : nullptr;
}

const Operator* FindOperator(std::string_view name) {
  for (const Operator* known : kOperators) {
    if (name == known->name) return known;
  }
  return nullptr;
}

const Operator& OperatorOf(const Node& node) { return *kOperators[static_cast<size_t>(node.op)]; }

double MacsPerPosition(const Graph& graph, const Node& node) {
  const Operator& op = OperatorOf(node);
  if (op.macs == nullptr) return 0;
  return op.macs(node, graph.tensors[node.in[0]], graph.tensors[node.out]);
}

double WorkPerPosition(const Graph& graph, const Node& node) {
  const double per_value = kMacsPerMovedValue + OperatorOf(node).extra_work_per_value;
  return MacsPerPosition(graph, node) + graph.tensors[node.out].channels * per_value;
}

}  // namespace furl::nn
