// ValidateGraph must refuse every lie a model file can tell.

#include "nn/graph/graph_check.h"

#include <gtest/gtest.h>

#include <functional>

#include "nn/nn_test_util.h"
#include "nn/plan.h"

namespace furl::nn {
namespace {

// pred (u7, scale 8) -> s2d -> conv 3x3 add trunk -> quant -> d2s -> conv16 path.
std::shared_ptr<Graph> GoodGraph() {
  TestRandom random(1);
  GraphBuilder b;
  const int pred = b.Input(Format::kU7, 16, 8);
  const int trunk = b.Input(Format::kS16, 64, 16);
  const int packed = b.Add(Op::kSpaceToDepth, {pred});
  ConvSpec spec{.out_channels = 64, .kernel = 3, .form = ConvForm::kAdd, .bias_rows = 64};
  const int sum = b.Conv(random, spec, {packed, trunk});
  const int act = b.Add(Op::kQuant, {sum}, 4);
  const int up = b.Add(Op::kDepthToSpace, {act});
  const int joined = b.Add(Op::kConcat, {up, pred});
  ConvSpec last{.op = Op::kConv16, .out_channels = 32, .kernel = 1, .form = ConvForm::kS16};
  const int lin = b.Conv(random, last, {sum});
  return b.Finish({joined, lin});
}

void ExpectRefused(const char* what, const std::function<void(Graph*)>& damage) {
  const std::shared_ptr<Graph> graph = GoodGraph();
  damage(graph.get());
  EXPECT_FALSE(ValidateGraph(*graph).ok()) << what;
}

Node& ConvOf(Graph* g) { return g->nodes[1]; }

TEST(ValidateGraph, AcceptsAGoodGraph) {
  const Status status = ValidateGraph(*GoodGraph());
  EXPECT_TRUE(status.ok()) << status.message();
}

TEST(ValidateGraph, RefusesWrongIndices) {
  for (int bad : {-1, 3, 100, INT32_MAX, INT32_MIN}) {
    ExpectRefused("in", [&](Graph* g) { ConvOf(g).in[0] = bad; });
    ExpectRefused("residual", [&](Graph* g) { ConvOf(g).in[1] = bad; });
    ExpectRefused("inputs", [&](Graph* g) { g->inputs[1] = bad; });
  }
  for (int bad : {-1, 4, 100, INT32_MAX, INT32_MIN}) {
    ExpectRefused("out", [&](Graph* g) { ConvOf(g).out = bad; });
  }
  for (int bad : {-1, 8, 100, INT32_MAX, INT32_MIN}) {
    ExpectRefused("outputs", [&](Graph* g) { g->outputs[0] = bad; });
  }
  ExpectRefused("twice", [](Graph* g) { g->outputs = {3, 3}; });
  ExpectRefused("no outputs", [](Graph* g) { g->outputs.clear(); });
  ExpectRefused("no inputs", [](Graph* g) { g->inputs.clear(); });
  ExpectRefused("no in", [](Graph* g) { ConvOf(g).in.clear(); });
  ExpectRefused("no residual", [](Graph* g) { ConvOf(g).in.pop_back(); });
  ExpectRefused("empty concat", [](Graph* g) { g->nodes[4].in.clear(); });
  ExpectRefused("missing tensor", [](Graph* g) { g->tensors.pop_back(); });
  ExpectRefused("extra tensor", [](Graph* g) { g->tensors.push_back(g->tensors[0]); });
}

// They would be run for nothing.
TEST(ValidateGraph, RefusesNodesThatNoOutputNeeds) {
  ExpectRefused("last", [](Graph* g) { g->outputs.pop_back(); });
  ExpectRefused("a chain", [](Graph* g) { g->outputs.erase(g->outputs.begin()); });
}

TEST(ValidateGraph, RefusesWrongShapes) {
  for (int bad : {0, -16, 8, 17, 1 << 20, INT32_MAX, INT32_MIN}) {
    for (int t = 0; t < 8; ++t) {
      ExpectRefused("channels", [&](Graph* g) { g->tensors[t].channels = bad; });
    }
  }
  for (int bad : {0, -8, 4, 12, 128, INT32_MAX}) {
    for (int t = 0; t < 8; ++t) {
      ExpectRefused("scale", [&](Graph* g) { g->tensors[t].scale = bad; });
    }
  }
  for (int t = 0; t < 8; ++t) {
    ExpectRefused("format", [&](Graph* g) { g->tensors[t].format = Format{7}; });
    ExpectRefused("format", [&](Graph* g) {
      Format& f = g->tensors[t].format;
      f = f == Format::kU7 ? Format::kS16 : Format::kU7;
    });
    ExpectRefused("overhang", [&](Graph* g) { g->tensors[t].rounded_scale = 64; });
  }
  ExpectRefused("op", [](Graph* g) { g->nodes[0].op = Op{99}; });
  ExpectRefused("form", [](Graph* g) { g->nodes[5].form = ConvForm{9}; });
  ExpectRefused("relu of conv16", [](Graph* g) { g->nodes[5].form = ConvForm::kRelu; });
}

TEST(ValidateGraph, RefusesWrongNumbers) {
  ExpectRefused("weight", [](Graph* g) { ConvOf(g).weights.weight.pop_back(); });
  ExpectRefused("weight", [](Graph* g) { ConvOf(g).weights.weight.clear(); });
  ExpectRefused("bias", [](Graph* g) { ConvOf(g).weights.bias.pop_back(); });
  ExpectRefused("bias", [](Graph* g) { ConvOf(g).weights.bias.clear(); });
  ExpectRefused("mult", [](Graph* g) { ConvOf(g).weights.mult.pop_back(); });
  ExpectRefused("mult", [](Graph* g) { ConvOf(g).weights.mult.clear(); });
  ExpectRefused("mult", [](Graph* g) { ConvOf(g).weights.mult[3] = 0; });
  ExpectRefused("mult", [](Graph* g) { ConvOf(g).weights.mult[3] = -5; });
  ExpectRefused("-128", [](Graph* g) { ConvOf(g).weights.weight[77] = -128; });
  for (int bad : {0, -1, 2, 63, 65, 1 << 30}) {
    ExpectRefused("rows", [&](Graph* g) { ConvOf(g).weights.bias_rows = bad; });
  }
  for (int bad : {0, -1, 2, 5, 1 << 30}) {
    ExpectRefused("kernel", [&](Graph* g) { ConvOf(g).kernel = bad; });
  }
  ExpectRefused("kernel", [](Graph* g) { ConvOf(g).kernel = 1; });
  for (int bad : {-1, 25, 1 << 30}) {
    ExpectRefused("shift", [&](Graph* g) { ConvOf(g).shift = bad; });
    ExpectRefused("quant shift", [&](Graph* g) { g->nodes[2].shift = bad; });
  }
  ExpectRefused("quant shift", [](Graph* g) { g->nodes[2].shift = 16; });
  ExpectRefused("offsets", [](Graph* g) { g->nodes[2].weights.bias.assign(63, 0); });
  ExpectRefused("offset", [](Graph* g) { g->nodes[2].weights.bias.assign(64, 40000); });
  ExpectRefused("mult of quant", [](Graph* g) { g->nodes[2].weights.mult.assign(64, 1); });
}

// One output, `terms` weights of value w, bias b: refused exactly beyond int32.
bool Accepts(Op op, int terms, int w, int64_t bias, int shift) {
  Node node;
  node.op = op;
  node.shift = shift;
  node.weights.weight.assign(size_t(terms) * kChannelMultiple, static_cast<int8_t>(w));
  node.weights.bias.assign(kChannelMultiple, static_cast<int32_t>(bias));
  node.weights.mult.assign(kChannelMultiple, 1);
  return ProveNoOverflow(node, terms, kChannelMultiple).ok();
}

TEST(ProveNoOverflow, IsExactAtTheEdge) {
  const int64_t top = int64_t{1} << 31;
  EXPECT_TRUE(Accepts(Op::kConv, 16, 127, top - 1 - 16 * 127 * 127, 0));
  EXPECT_FALSE(Accepts(Op::kConv, 16, 127, top - 16 * 127 * 127, 0));
  EXPECT_TRUE(Accepts(Op::kConv, 16, 127, top - 1 - 16 * 127 * 127 - 512, 10));
  EXPECT_FALSE(Accepts(Op::kConv, 16, 127, top - 16 * 127 * 127 - 512, 10));
  EXPECT_TRUE(Accepts(Op::kConv, 16, -127, -top + 16 * 127 * 127, 0));
  EXPECT_FALSE(Accepts(Op::kConv, 16, -127, -top + 16 * 127 * 127 - 1, 0));
  // conv16: the folded offset is -8192 * sum, the digits reach 16383 * sum.
  EXPECT_TRUE(Accepts(Op::kConv16, 16, 100, top - 1 - 1600 * (16383 - 8192), 0));
  EXPECT_FALSE(Accepts(Op::kConv16, 16, 100, top - 1600 * (16383 - 8192), 0));
  EXPECT_FALSE(Accepts(Op::kConv16, 16, 100, -top + 1600 * 8192 - 1, 0));
  EXPECT_TRUE(Accepts(Op::kConv16, 16, 100, -top + 1600 * 8192, 0));
}

TEST(InferOutput, TracksScalesThroughOverhangAndCrop) {
  GraphBuilder b;
  const int z = b.Input(Format::kU7, 256, 64);
  const int y = b.Input(Format::kU7, 16, 16);
  const int up1 = b.Add(Op::kDepthToSpace, {z});
  const int up2 = b.Add(Op::kDepthToSpace, {up1});
  EXPECT_EQ(b.Add(Op::kConcat, {up2, y}), -1);  // overhangs
  const int crop = b.Add(Op::kCrop, {up2});
  const int joined = b.Add(Op::kConcat, {crop, y});
  ASSERT_GT(joined, 0);
  const int down = b.Add(Op::kSpaceToDepth, {up2});
  const auto graph = b.Finish({joined, down});
  EXPECT_TRUE(ValidateGraph(*graph).ok());
  EXPECT_EQ(graph->tensors[up2].rounded_scale, 64);
  EXPECT_EQ(graph->tensors[joined].rounded_scale, 16);
  EXPECT_EQ(graph->tensors[down].scale, 32);
  EXPECT_EQ(graph->tensors[down].rounded_scale, 64);
  for (int h = 1; h < 20; ++h) {  // sizes agree with what the operators do
    EXPECT_EQ(SideAtScale(h, 64, 64), (h + 3) / 4);
    EXPECT_EQ(SideAtScale(h, 32, 64), (h + 3) / 4 * 2);
    EXPECT_EQ(SideAtScale(h, 16, 64), (h + 3) / 4 * 4);
    EXPECT_EQ(SideAtScale(h, 8, 64), (h + 3) / 4 * 8);
    EXPECT_EQ(SideAtScale(h, 8, 8), 2 * h);
  }
}

// One random field or number of a graph set to a random or special value.
void DamageOnce(TestRandom& random, Graph* g) {
  constexpr int kSpecial[] = {0, 1, -1, 2, 3, 8, 16, 17, 32, 64, 127, 4096, INT32_MAX, INT32_MIN};
  const int v = random.Int(0, 2) == 0 ? random.Int(-100, 100)
                                      : kSpecial[random.Int(0, int(std::size(kSpecial)) - 1)];
  const auto pick = [&](auto& list) -> auto& { return list[random.Int(0, int(list.size()) - 1)]; };
  TensorInfo& tensor = pick(g->tensors);
  Node& node = pick(g->nodes);
  Weights& w = node.weights;
  switch (random.Int(0, 17)) {
    case 0: tensor.channels = v; break;
    case 1: tensor.scale = v; break;
    case 2: tensor.rounded_scale = v; break;
    case 3: tensor.format = Format(v & 3); break;
    case 4: node.op = Op(v & 15); break;
    case 5: node.form = ConvForm(v & 3); break;
    case 6: node.kernel = v; break;
    case 7: node.shift = v; break;
    case 8: node.out = v; break;
    case 9: node.in.resize(random.Int(0, 3), v); break;
    case 10:
      if (!node.in.empty()) pick(node.in) = v;
      break;
    case 11: w.bias_rows = v; break;
    case 12: w.bias.resize(w.bias.size() + random.Int(0, 2) - (w.bias.empty() ? 0 : 1)); break;
    case 13: w.mult.resize(w.mult.size() + random.Int(0, 2) - (w.mult.empty() ? 0 : 1)); break;
    case 14:
      if (!w.bias.empty()) pick(w.bias) = v;
      break;
    case 15:
      if (!w.weight.empty()) pick(w.weight) = int8_t(v);
      break;
    case 16:
      if (!g->outputs.empty()) pick(g->outputs) = v;
      break;
    default:
      if (!w.mult.empty()) pick(w.mult) = int16_t(v);
      break;
  }
}

// Whatever passes the check can be run, on the fastest target too. (Under the
// sanitizers this is where reading out of bounds or overflow would show.)
TEST(ValidateGraph, WhatItAcceptsRuns) {
  TestRandom random(99);
  int accepted = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::shared_ptr<Graph> graph = GoodGraph();
    for (int k = random.Int(1, 3); k > 0; --k) DamageOnce(random, graph.get());
    Result<std::unique_ptr<Plan>> plan = Plan::Create(graph);
    if (!plan.ok()) continue;
    ++accepted;
    auto state = PlanState::Create(std::move(plan).value(), 2, 3);
    ASSERT_TRUE(state.ok());
    std::vector<Tensor> in(graph->inputs.size()), out(graph->outputs.size());
    std::vector<const Tensor*> in_list;
    std::vector<Tensor*> out_list;
    for (size_t t = 0; t < in.size(); ++t) {
      const TensorInfo& info = graph->tensors[t];
      ASSERT_TRUE(in[t]
                      .Reshape(info.format, (*state)->TensorHeight(info),
                               (*state)->TensorWidth(info), info.channels)
                      .ok());
      FillTensor(random, Fill::kMax, &in[t]);
      in_list.push_back(&in[t]);
    }
    for (Tensor& t : out) out_list.push_back(&t);
    EXPECT_TRUE((*state)->Run(random.Int(0, 63), in_list, out_list, nullptr).ok());
  }
  EXPECT_GT(accepted, 100);
  EXPECT_LT(accepted, 2900);
}

}  // namespace
}  // namespace furl::nn
