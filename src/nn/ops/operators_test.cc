// The list of operators and what its rows say.

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "nn/nn_test_util.h"
#include "nn/ops/operator.h"

namespace furl::nn {
namespace {

TEST(Operators, StandInTheOrderOfOpUnderNamesOfTheirOwn) {
  std::set<std::string> names;
  for (size_t i = 0; i < Operators().size(); ++i) {
    const Operator& op = *Operators()[i];
    EXPECT_EQ(op.op, static_cast<Op>(i)) << op.name;
    EXPECT_EQ(FindOperator(op.op), &op);
    EXPECT_EQ(FindOperator(op.name), &op);
    EXPECT_TRUE(names.insert(op.name).second) << op.name;
    EXPECT_LE(op.min_inputs, op.max_inputs) << op.name;
    EXPECT_TRUE(op.infer != nullptr && op.run != nullptr) << op.name;
  }
  EXPECT_EQ(FindOperator(static_cast<Op>(Operators().size())), nullptr);
  EXPECT_EQ(FindOperator(Op{255}), nullptr);
  EXPECT_EQ(FindOperator("fold"), nullptr);
}

TEST(Operators, KnowWhatTheyCostAndWhichRowsTheyNeed) {
  TestRandom random(3);
  GraphBuilder b;
  const int in = b.Input(Format::kS16, 32, 8);
  const ConvSpec spec{.op = Op::kConv16, .out_channels = 48, .kernel = 3};
  const int wide = b.Conv(random, spec, {in});
  const int flat = b.Conv(random, {.op = Op::kConv16, .out_channels = 16}, {wide});
  const int small = b.Add(Op::kSpaceToDepth, {flat});
  const auto graph = b.Finish({small});
  EXPECT_EQ(MacsPerPosition(*graph, graph->nodes[0]), 2 * 9 * 32 * 48);  // two digits
  EXPECT_EQ(MacsPerPosition(*graph, graph->nodes[1]), 2 * 48 * 16);
  EXPECT_EQ(MacsPerPosition(*graph, graph->nodes[2]), 0);
  EXPECT_EQ(MacsPerPixel(*graph), (2 * 9 * 32 * 48 + 2 * 48 * 16) / 64.0);
  EXPECT_EQ(OperatorOf(graph->nodes[0]).halo(graph->nodes[0]), 1);
  EXPECT_EQ(OperatorOf(graph->nodes[1]).halo(graph->nodes[1]), 0);
}

}  // namespace
}  // namespace furl::nn
