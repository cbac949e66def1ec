// Hashes of operator outputs over seeded inputs, the same on every architecture:
// x86-64 and AArch64 (scripts/test_aarch64.sh) check against these numbers. They
// may change only together with docs/numerics.md.

#include <gtest/gtest.h>

#include "base/crc32c.h"
#include "nn/nn_test_util.h"
#include "nn/ops/lap.h"
#include "nn/plan.h"

namespace furl::nn {
namespace {

// Of the values, as little-endian bytes in row order.
uint32_t HashOf(const Tensor& t) {
  uint32_t crc = 0;
  for (int y = 0; y < t.height(); ++y) {
    for (int x = 0; x < t.width(); ++x) {
      for (int c = 0; c < t.channels(); ++c) {
        const int v = t.format() == Format::kU7 ? t.U7(y, x)[c] : t.S16(y, x)[c];
        const uint8_t bytes[2] = {uint8_t(v & 255), uint8_t(v >> 8 & 255)};
        crc = Crc32c(bytes, crc);
      }
    }
  }
  return crc;
}

// Hashes of all node outputs of a graph on every target; they must agree.
void ExpectHashes(const std::shared_ptr<Graph>& graph, int h, int w,
                  const std::vector<uint32_t>& want) {
  TestRandom random(77);
  std::vector<Tensor> inputs(graph->inputs.size());
  std::vector<const Tensor*> in;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const TensorInfo& info = graph->tensors[i];
    const int rounded = info.rounded_scale;
    ASSERT_TRUE(inputs[i]
                    .Reshape(info.format, SideAtScale(h, info.scale, rounded),
                             SideAtScale(w, info.scale, rounded), info.channels)
                    .ok());
    FillTensor(random, Fill::kRandom, &inputs[i]);
    in.push_back(&inputs[i]);
  }
  for (CpuTarget target : SupportedCpuTargets()) {
    const std::shared_ptr<const Plan> plan = std::move(Plan::Create(graph, target)).value();
    auto state = std::move(PlanState::Create(plan, h, w)).value();
    std::vector<Tensor> outputs(graph->outputs.size());
    std::vector<Tensor*> out;
    for (Tensor& t : outputs) out.push_back(&t);
    ASSERT_TRUE(state->Run(21, in, out, nullptr).ok());
    std::vector<uint32_t> got;
    for (const Tensor& t : outputs) got.push_back(HashOf(t));
    EXPECT_EQ(got, want) << CpuTargetName(target);
  }
}

TEST(Golden, EveryOperator) {
  TestRandom random(2024);
  GraphBuilder b;
  const int u = b.Input(Format::kU7, 48, 16);
  const int s = b.Input(Format::kS16, 64, 16);
  std::vector<int> out;
  for (int kernel : {1, 3}) {
    ConvSpec spec{.out_channels = 64, .kernel = kernel, .bias_rows = 64};
    for (ConvForm form : {ConvForm::kRelu, ConvForm::kS16, ConvForm::kAdd}) {
      spec.form = form;
      spec.op = Op::kConv;
      out.push_back(
          b.Conv(random, spec, form == ConvForm::kAdd ? std::vector{u, s} : std::vector{u}));
      if (form == ConvForm::kRelu) continue;
      spec.op = Op::kConv16;
      out.push_back(
          b.Conv(random, spec, form == ConvForm::kAdd ? std::vector{s, s} : std::vector{s}));
    }
  }
  out.push_back(b.Add(Op::kQuant, {out[1]}, 4));
  out.push_back(b.Add(Op::kAdd, {s, out[2]}));
  out.push_back(b.Add(Op::kConcat, {u, out[0]}));
  out.push_back(b.Add(Op::kSpaceToDepth, {s}));
  const int up = b.Add(Op::kDepthToSpace, {out.back()});
  out.push_back(b.Add(Op::kCrop, {up}));
  ExpectHashes(
      b.Finish(out), 5, 7,
      {2507253781, 353593158, 1062662865, 3626866974, 3257777479, 4102366282, 585780438, 144464374,
       305956444, 4180251889, 960292958, 2476634223, 3009854103, 2529845244, 2547320658});
}

TEST(Golden, Lap) {
  TestRandom random(2026);
  GraphBuilder b;
  Node node;
  node.op = Op::kLap;
  for (int i = 0; i < kLapWeights; ++i) {
    node.weights.lap.push_back(static_cast<int16_t>(random.Int(-8191, 8191)));
  }
  const int lapped = b.Add(std::move(node), {b.Input(Format::kS16, kLapChannels, kLapScale)});
  ExpectHashes(b.Finish({lapped}), 4, 7, {3890671369});
}

TEST(Golden, PoolingAndUpsampling) {
  TestRandom random(2027);
  GraphBuilder b;
  const int fine = b.Input(Format::kU7, 48, 8);
  const int pooled = b.Add(Op::kMaxPool, {fine});
  const int twice = b.Add(Op::kMaxPool, {pooled});
  const int up = b.Add(Op::kUpsample, {twice});
  ExpectHashes(b.Finish({pooled, twice, b.Add(Op::kCrop, {up})}), 5, 7,
               {3375952770, 1798019820, 902519359});
}

TEST(Golden, Gate) {
  TestRandom random(2028);
  GraphBuilder b;
  const int value = b.Input(Format::kS16, 48, 16);
  const int gate = b.Input(Format::kU7, 48, 16);
  ExpectHashes(b.Finish({b.Add(Op::kGate, {value, gate})}), 5, 7, {3377300738});
}

// A residual network of the kind the codec uses.
TEST(Golden, ResidualNetwork) {
  TestRandom random(2025);
  GraphBuilder b;
  const int latent = b.Input(Format::kS16, 256, 16);
  const int pred = b.Input(Format::kS16, 96, 8);
  ConvSpec klt{.op = Op::kConv16, .out_channels = 384};
  const int linear = b.Add(Op::kDepthToSpace, {b.Conv(random, klt, {latent})});
  const int base = b.Add(Op::kAdd, {linear, pred});
  ConvSpec head{.out_channels = 64, .kernel = 3, .bias_rows = 64};
  int trunk = b.Conv(random, head, {b.Add(Op::kQuant, {base}, 5)});
  for (int block = 0; block < 2; ++block) {
    ConvSpec conv{.out_channels = 64, .kernel = 3, .form = ConvForm::kRelu, .bias_rows = 64};
    const int hidden = b.Conv(random, conv, {b.Add(Op::kQuant, {trunk}, 4)});
    conv.form = ConvForm::kAdd;
    trunk = b.Conv(random, conv, {hidden, trunk});
  }
  ConvSpec tail{.out_channels = 96, .kernel = 3, .form = ConvForm::kAdd, .bias_rows = 64};
  const int recon = b.Conv(random, tail, {b.Add(Op::kQuant, {trunk}, 4), base});
  ExpectHashes(b.Finish({linear, trunk, recon}), 3, 5, {1237707706, 1079931386, 1375755821});
}

}  // namespace
}  // namespace furl::nn
