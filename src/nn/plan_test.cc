// Known answers of the operators, and a whole graph on every size and thread
// count against the operators called one by one.

#include "nn/plan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "nn/nn_test_util.h"
#include "nn/ops/scalar_ops.h"

namespace furl::nn {
namespace {

Tensor MakeTensor(Format format, int h, int w, int c) {
  Result<Tensor> t = Tensor::Create(format, h, w, c);
  EXPECT_TRUE(t.ok());
  return std::move(t).value();
}

TEST(Tensor, HasAZeroBorderAndRefusesBadShapes) {
  Tensor t = MakeTensor(Format::kS16, 3, 5, 32);
  EXPECT_TRUE(t.BorderIsZero());
  t.S16(2, 4)[31] = 7;
  EXPECT_TRUE(t.BorderIsZero());
  t.S16(-1, 5)[0] = 7;
  EXPECT_FALSE(t.BorderIsZero());
  EXPECT_EQ(t.S16(1, 0) - t.S16(0, 0), t.row_stride());
  EXPECT_EQ(reinterpret_cast<uintptr_t>(t.S16(-1, -1)) % 64, 0u);
  EXPECT_FALSE(Tensor::Create(Format::kU7, 0, 5, 16).ok());
  EXPECT_FALSE(Tensor::Create(Format::kU7, 5, -1, 16).ok());
  EXPECT_FALSE(Tensor::Create(Format::kU7, 5, 5, 24).ok());
  EXPECT_EQ(Tensor::Create(Format::kU7, 1 << 20, 1, 16).status().code(),
            StatusCode::kLimitExceeded);
  EXPECT_EQ(Tensor::Create(Format::kS16, 16384, 16384, 4096).status().code(),
            StatusCode::kLimitExceeded);
}

TEST(Tensor, CopyFromTakesShapeAndContent) {
  TestRandom random(3);
  Tensor a = MakeTensor(Format::kU7, 2, 3, 16);
  FillTensor(random, Fill::kRandom, &a);
  Tensor b;
  ASSERT_TRUE(b.CopyFrom(a).ok());
  EXPECT_TRUE(a == b);
  b.U7(1, 2)[15] ^= 1;
  EXPECT_FALSE(a == b);
}

// `nodes` additions, each of the one before and an input of 256 channels at scale 4.
std::shared_ptr<Graph> ChainOfAdds(int nodes) {
  GraphBuilder b;
  const int input = b.Input(Format::kS16, 256, 4);
  int last = input;
  for (int i = 0; i < nodes; ++i) last = b.Add(Op::kAdd, {input, last});
  return b.Finish({last});
}

// The same, all of them needed at the end: no two can share a buffer.
std::shared_ptr<Graph> TreeOfAdds(int leaves) {
  GraphBuilder b;
  const int input = b.Input(Format::kS16, 256, 4);
  std::vector<int> made;
  for (int i = 0; i < leaves; ++i) made.push_back(b.Add(Op::kAdd, {input, input}));
  while (made.size() > 1) {
    made.push_back(b.Add(Op::kAdd, {made[0], made[1]}));
    made.erase(made.begin(), made.begin() + 2);
  }
  return b.Finish({made[0]});
}

// What isn't a convolution costs time as well.
TEST(Graph, CountsTheWorkOfEveryOperator) {
  const auto graph = ChainOfAdds(50);
  EXPECT_EQ(MacsPerPixel(*graph), 0);
  EXPECT_GE(WorkPerPixel(*graph), 50 * 256 / 16.0);
}

// 2 bytes, 256 channels and 16 luma samples per position: 32 bytes per pixel and tensor.
TEST(Plan, RefusesActivationsAboveTheLimit) {
  EXPECT_TRUE(Plan::Create(TreeOfAdds(8)).ok());
  EXPECT_EQ(Plan::Create(TreeOfAdds(100)).status().code(), StatusCode::kLimitExceeded);
}

TEST(Requantize, KnownAnswers) {
  EXPECT_EQ(Requantize(1000, 0, 32767), 1000);     // 999.97 rounds up
  EXPECT_EQ(Requantize(100000, 0, 16384), 16384);  // saturates at 32767 first
  EXPECT_EQ(Requantize(-100000, 0, 16384), -16384);
  EXPECT_EQ(Requantize(24, 4, 16384), 1);   // 1.5 -> 2, halved
  EXPECT_EQ(Requantize(-24, 4, 16384), 0);  // -1.5 -> -1, -0.5 -> 0
  EXPECT_EQ(Requantize(INT32_MAX - (1 << 23), 24, 32767), 127);
}

// 3x3, 16 channels to 16, all weights 0; its outputs are half of the sums.
Node HalvingConv(Op op) {
  Node node;
  node.op = op;
  node.kernel = 3;
  node.form = ConvForm::kS16;
  node.weights.weight.assign(16 * 9 * 16, 0);
  node.weights.bias.assign(16, 0);
  node.weights.mult.assign(16, 16384);
  return node;
}

// A 3x3 convolution of a single impulse shows the kernel mirrored; by hand.
TEST(ConvScalar, ShowsTheKernelAroundAnImpulse) {
  Node node = HalvingConv(Op::kConv);
  for (int i = 0; i < 9; ++i) node.weights.weight[(5 * 9 + i) * 16 + 2] = int8_t(i + 1);
  node.weights.bias[5] = 1000;
  Tensor in = MakeTensor(Format::kU7, 3, 4, 16);
  in.U7(1, 3)[2] = 100;
  Tensor out = MakeTensor(Format::kS16, 3, 4, 16);
  ConvScalar(node, 0, in, nullptr, &out, 0, 3);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 4; ++x) {
      const int ky = 1 - y + 1, kx = 3 - x + 1;
      const int w = kx >= 0 && kx < 3 ? ky * 3 + kx + 1 : 0;
      EXPECT_EQ(out.S16(y, x)[5], (1000 + 100 * w) / 2) << y << " " << x;
      EXPECT_EQ(out.S16(y, x)[4], 0);
    }
  }
}

TEST(Mirror, TurnsBackAtTheOutermostPosition) {
  EXPECT_EQ(Mirror(-1, 5), 1);
  EXPECT_EQ(Mirror(5, 5), 3);
  EXPECT_EQ(Mirror(2, 3), 2);
  EXPECT_EQ(Mirror(-1, 2), 1);
  EXPECT_EQ(Mirror(2, 2), 0);
  EXPECT_EQ(Mirror(-1, 1), 0);
  EXPECT_EQ(Mirror(1, 1), 0);
}

// A picture that goes on evenly outside is what a low latent is predicted from at an edge.
TEST(ConvScalar, Conv16SeesItsInputGoOnOutside) {
  Node node = HalvingConv(Op::kConv16);
  for (int i = 0; i < 9; ++i) node.weights.weight[(3 * 9 + i) * 16 + 2] = 1;
  Tensor in = MakeTensor(Format::kS16, 2, 3, 16);
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) in.S16(y, x)[2] = 700;
  }
  Tensor out = MakeTensor(Format::kS16, 2, 3, 16);
  ConvScalar(node, 0, in, nullptr, &out, 0, 2);
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) EXPECT_EQ(out.S16(y, x)[3], 9 * 700 / 2);
  }
}

// conv16 clamps to 14 bits and agrees with the two-digit form.
TEST(ConvScalar, Conv16EqualsItsTwoDigitForm) {
  TestRandom random(5);
  const ConvSpec spec{.op = Op::kConv16, .in_channels = 32, .kernel = 3};
  const Node node = RandomConvNode(random, spec);
  Tensor in = MakeTensor(Format::kS16, 4, 5, 32);
  FillTensor(random, Fill::kRandom, &in);
  Tensor out = MakeTensor(Format::kS16, 4, 5, 16);
  ConvScalar(node, 0, in, nullptr, &out, 0, 4);
  for (int o = 0; o < 16; ++o) {
    int64_t hi = 0, lo = 0, sum = 0;
    for (int t = 0; t < 9; ++t) {
      for (int i = 0; i < 32; ++i) {
        const int w = node.weights.weight[(o * 9 + t) * 32 + i];
        const int16_t* values = in.S16(std::abs(t / 3 - 1), std::abs(t % 3 - 1));  // mirrored
        const int x = Clamp<int>(values[i], -8192, 8191) + 8192;
        hi += w * (x >> 7);
        lo += w * (x & 127);
        sum += w;
      }
    }
    const int64_t acc = (hi << 7) + lo - 8192 * sum + node.weights.bias[o];
    EXPECT_EQ(out.S16(0, 0)[o],
              Requantize(static_cast<int32_t>(acc), node.shift, node.weights.mult[o]));
  }
}

TEST(QuantScalar, RoundsOffsetsAndClamps) {
  Node node;
  node.op = Op::kQuant;
  node.shift = 4;
  node.weights.bias.assign(16, 0);
  node.weights.bias[1] = 32767;
  node.weights.bias[2] = -32768;
  Tensor in = MakeTensor(Format::kS16, 1, 3, 16);
  Tensor out = MakeTensor(Format::kU7, 1, 3, 16);
  in.S16(0, 0)[0] = 24;
  in.S16(0, 1)[0] = 5000;
  in.S16(0, 2)[0] = -5000;
  in.S16(0, 0)[1] = 30000;
  in.S16(0, 0)[2] = -30000;
  QuantScalar(node, in, &out, 0, 1);
  EXPECT_EQ(out.U7(0, 0)[0], 2);
  EXPECT_EQ(out.U7(0, 1)[0], 127);
  EXPECT_EQ(out.U7(0, 2)[0], 0);
  EXPECT_EQ(out.U7(0, 0)[1], 127);
  EXPECT_EQ(out.U7(0, 0)[2], 0);
}

TEST(Shuffles, SpaceToDepthAndBack) {
  TestRandom random(7);
  for (int h : {1, 2, 5}) {
    for (int w : {1, 3, 4}) {
      Tensor in = MakeTensor(Format::kS16, h, w, 16);
      FillTensor(random, Fill::kRandom, &in);
      Tensor packed = MakeTensor(Format::kS16, (h + 1) / 2, (w + 1) / 2, 64);
      RunScalar(Op::kSpaceToDepth, in, &packed);
      for (int y = 0; y < packed.height() * 2; ++y) {
        for (int x = 0; x < packed.width() * 2; ++x) {
          for (int c = 0; c < 16; ++c) {
            const int want = y < h && x < w ? in.S16(y, x)[c] : 0;
            EXPECT_EQ(packed.S16(y / 2, x / 2)[((y % 2) * 2 + x % 2) * 16 + c], want);
          }
        }
      }
      Tensor back = MakeTensor(Format::kS16, packed.height() * 2, packed.width() * 2, 16);
      RunScalar(Op::kDepthToSpace, packed, &back);
      Tensor cropped = MakeTensor(Format::kS16, h, w, 16);
      RunScalar(Op::kCrop, back, &cropped);
      EXPECT_TRUE(cropped == in);
    }
  }
}

TEST(Shuffles, PoolingTakesTheLargestAndUpsamplingRepeats) {
  TestRandom random(9);
  for (int h : {1, 2, 5}) {
    for (int w : {1, 3, 4}) {
      Tensor in = MakeTensor(Format::kU7, h, w, 16);
      FillTensor(random, Fill::kRandom, &in);
      Tensor pooled = MakeTensor(Format::kU7, (h + 1) / 2, (w + 1) / 2, 16);
      RunScalar(Op::kMaxPool, in, &pooled);
      Tensor up = MakeTensor(Format::kU7, pooled.height() * 2, pooled.width() * 2, 16);
      RunScalar(Op::kUpsample, pooled, &up);
      for (int y = 0; y < up.height(); ++y) {
        for (int x = 0; x < up.width(); ++x) {
          for (int c = 0; c < 16; ++c) {
            int largest = 0;
            for (int row = y / 2 * 2; row < std::min(y / 2 * 2 + 2, h); ++row) {
              for (int col = x / 2 * 2; col < std::min(x / 2 * 2 + 2, w); ++col) {
                largest = std::max<int>(largest, in.U7(row, col)[c]);
              }
            }
            EXPECT_EQ(up.U7(y, x)[c], largest);
          }
        }
      }
    }
  }
}

TEST(Gates, LetThroughAPart) {
  TestRandom random(10);
  Tensor value = MakeTensor(Format::kS16, 3, 5, 16);
  Tensor gate = MakeTensor(Format::kU7, 3, 5, 16);
  FillTensor(random, Fill::kRandom, &value);
  FillTensor(random, Fill::kRandom, &gate);
  value.S16(0, 0)[0] = INT16_MIN;
  gate.U7(0, 0)[0] = 127;
  value.S16(1, 2)[3] = -1;
  gate.U7(1, 2)[3] = 64;  // halves round up
  Tensor out = MakeTensor(Format::kS16, 3, 5, 16);
  Node node;
  node.op = Op::kGate;
  node.in = {0, 1};
  const Tensor* inputs[] = {&value, &gate};
  RunScalar(node, 0, inputs, &out);
  for (int y = 0; y < 3; ++y) {
    for (int i = 0; i < 5 * 16; ++i) {
      EXPECT_EQ(out.S16(y, 0)[i], std::floor(value.S16(y, 0)[i] * gate.U7(y, 0)[i] / 128.0 + 0.5));
    }
  }
  EXPECT_EQ(out.S16(0, 0)[0], -32512);
  EXPECT_EQ(out.S16(1, 2)[3], 0);
}

// Every operator, an overhang, a concat of three, an output used further on and
// an input passed on as output.
struct WholeGraph {
  explicit WholeGraph(uint64_t seed) {
    TestRandom random(seed);
    GraphBuilder b;
    const int z = b.Input(Format::kU7, 32, 64);
    const int pred = b.Input(Format::kS16, 32, 8);
    ConvSpec wide{.out_channels = 256, .form = ConvForm::kRelu, .bias_rows = 64};
    const int h0 = b.Conv(random, wide, {z});
    const int h1 = b.Add(Op::kDepthToSpace, {b.Add(Op::kDepthToSpace, {h0})});
    const int h2 = b.Add(Op::kCrop, {h1});
    const int packed = b.Add(Op::kSpaceToDepth, {pred});
    ConvSpec linear{.op = Op::kConv16, .out_channels = 64, .bias_rows = 1};
    const int lin = b.Conv(random, linear, {packed});
    const int q = b.Add(Op::kQuant, {lin}, 7);
    const int joined = b.Add(Op::kConcat, {h2, q, h2});
    ConvSpec add{.out_channels = 64, .kernel = 3, .form = ConvForm::kAdd, .bias_rows = 64};
    const int trunk = b.Conv(random, add, {joined, lin});
    const int up = b.Add(Op::kDepthToSpace, {b.Add(Op::kAdd, {trunk, lin})});
    ConvSpec digits{.op = Op::kConv16, .out_channels = 32, .kernel = 3, .form = ConvForm::kAdd};
    const int recon = b.Conv(random, digits, {up, pred});
    graph = b.Finish({recon, trunk, pred});
  }
  std::shared_ptr<Graph> graph;
};

// Runs the graph with every tensor of its own and the scalar operators.
std::vector<Tensor> RunByHand(const Graph& g, int qp, int h, int w, const Tensor& in0,
                              const Tensor& in1) {
  std::vector<Tensor> t(g.tensors.size());
  for (size_t i = 0; i < t.size(); ++i) {
    const TensorInfo& info = g.tensors[i];
    t[i] = MakeTensor(info.format, SideAtScale(h, info.scale, info.rounded_scale),
                      SideAtScale(w, info.scale, info.rounded_scale), info.channels);
  }
  EXPECT_TRUE(t[0].CopyFrom(in0).ok() && t[1].CopyFrom(in1).ok());
  std::vector<const Tensor*> all;
  for (const Tensor& tensor : t) all.push_back(&tensor);
  for (const Node& n : g.nodes) RunScalar(n, n.weights.bias_rows > 1 ? qp : 0, all, &t[n.out]);
  std::vector<Tensor> result;
  for (int o : g.outputs) result.push_back(std::move(t[o]));
  return result;
}

void FillInputs(const Graph& g, uint64_t seed, int h, int w, Tensor* in0, Tensor* in1) {
  TestRandom random(seed);
  Tensor* tensors[] = {in0, in1};
  for (int i = 0; i < 2; ++i) {
    const TensorInfo& info = g.tensors[i];
    *tensors[i] = MakeTensor(info.format, SideAtScale(h, info.scale, info.rounded_scale),
                             SideAtScale(w, info.scale, info.rounded_scale), info.channels);
    FillTensor(random, Fill::kRandom, tensors[i]);
  }
}

TEST(Plan, EqualsTheOperatorsOneByOneForEverySizeAndThreadCount) {
  const WholeGraph whole(11);
  std::vector<std::shared_ptr<const Plan>> plans;
  for (CpuTarget target : SupportedCpuTargets()) {
    Result<std::unique_ptr<Plan>> made = Plan::Create(whole.graph, target);
    ASSERT_TRUE(made.ok()) << made.status().message();
    plans.push_back(std::move(made).value());
    EXPECT_EQ(plans.back()->target(), target);
  }
  ThreadPool one(1), two(2), three(3);
  const std::pair<int, int> sizes[] = {{1, 1}, {1, 7}, {5, 1}, {2, 3}, {4, 4}, {3, 9}, {17, 11}};
  for (const auto& [h, w] : sizes) {
    Tensor in0, in1;
    FillInputs(*whole.graph, 100 + h * 16 + w, h, w, &in0, &in1);
    for (int qp : {0, 63}) {
      const std::vector<Tensor> want = RunByHand(*whole.graph, qp, h, w, in0, in1);
      for (const auto& plan : plans) {
        auto state = PlanState::Create(plan, h, w);
        ASSERT_TRUE(state.ok());
        for (ThreadPool* pool : {static_cast<ThreadPool*>(nullptr), &one, &two, &three}) {
          Tensor out[3];
          ASSERT_TRUE((*state)->Run(qp, {&in0, &in1}, {&out[0], &out[1], &out[2]}, pool).ok());
          for (int i = 0; i < 3; ++i) {
            EXPECT_TRUE(out[i] == want[i] && out[i].BorderIsZero())
                << CpuTargetName(plan->target()) << " output " << i << " at " << h << "x" << w;
          }
        }
      }
    }
  }
}

TEST(Plan, IsSharedByThreadsWithAStateEach) {
  const WholeGraph whole(12);
  const std::shared_ptr<const Plan> plan = std::move(Plan::Create(whole.graph)).value();
  std::vector<std::thread> threads;
  std::vector<int> bad(3, -1);
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      const int h = 2 + i, w = 5 - i;
      Tensor in0, in1, out[3];
      FillInputs(*whole.graph, i, h, w, &in0, &in1);
      auto state = PlanState::Create(plan, h, w);
      bad[i] = 0;
      for (int qp = 0; qp < 3; ++qp) {
        const std::vector<Tensor> want = RunByHand(*whole.graph, qp, h, w, in0, in1);
        bad[i] += !(*state)->Run(qp, {&in0, &in1}, {&out[0], &out[1], &out[2]}, nullptr).ok();
        for (int k = 0; k < 3; ++k) bad[i] += !(out[k] == want[k]);
      }
    });
  }
  for (std::thread& t : threads) t.join();
  for (int b : bad) EXPECT_EQ(b, 0);
}

TEST(Plan, RefusesWrongArguments) {
  const WholeGraph whole(13);
  const std::shared_ptr<const Plan> plan = std::move(Plan::Create(whole.graph)).value();
  EXPECT_FALSE(Plan::Create(nullptr).ok());
  EXPECT_FALSE(PlanState::Create(plan, 0, 3).ok());
  EXPECT_EQ(PlanState::Create(plan, 1 << 20, 3).status().code(), StatusCode::kLimitExceeded);
  auto state = std::move(PlanState::Create(plan, 2, 3)).value();
  EXPECT_GT(PlanState::BytesOf(*plan, state->height(), state->width()), 0u);
  Tensor in0, in1, out[3], small;
  FillInputs(*whole.graph, 1, 2, 3, &in0, &in1);
  EXPECT_TRUE(state->Run(0, {&in0, &in1}, {&out[0], &out[1], &out[2]}, nullptr).ok());
  EXPECT_FALSE(state->Run(-1, {&in0, &in1}, {&out[0], &out[1], &out[2]}, nullptr).ok());
  EXPECT_FALSE(state->Run(64, {&in0, &in1}, {&out[0], &out[1], &out[2]}, nullptr).ok());
  EXPECT_FALSE(state->Run(0, {&in0}, {&out[0], &out[1], &out[2]}, nullptr).ok());
  EXPECT_FALSE(state->Run(0, {&in0, &in0}, {&out[0], &out[1], &out[2]}, nullptr).ok());
  EXPECT_FALSE(state->Run(0, {&in0, &small}, {&out[0], &out[1], &out[2]}, nullptr).ok());
  EXPECT_FALSE(state->Run(0, {&in0, nullptr}, {&out[0], &out[1], &out[2]}, nullptr).ok());
  EXPECT_FALSE(state->Run(0, {&in0, &in1}, {&out[0], &out[1]}, nullptr).ok());
  EXPECT_FALSE(state->Run(0, {&in0, &in1}, {&out[0], &out[1], &in1}, nullptr).ok());
  EXPECT_FALSE(state->Run(0, {&in0, &in1}, {&out[0], &out[1], &out[1]}, nullptr).ok());
}

}  // namespace
}  // namespace furl::nn
