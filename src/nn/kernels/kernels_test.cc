// Every kernel of every target this machine runs (AMX also on emulated tiles)
// against the scalar definition: random and extreme values, all block shapes,
// sizes from 1x1 on, odd ones among them.

#include "nn/kernels/kernels.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "nn/nn_test_util.h"
#include "nn/ops/scalar_ops.h"

#if defined(__x86_64__)
#include "hwy/targets.h"
#endif

namespace furl::nn {
namespace {

struct Candidate {
  std::string name;
  const Kernels* kernels;
};

std::vector<Candidate> Candidates() {
  std::vector<Candidate> all;
  for (CpuTarget target : SupportedCpuTargets()) {
    const Kernels* kernels = FindKernels(target);
    if (kernels != nullptr) all.push_back({CpuTargetName(target), kernels});
  }
  if (EmulatedAmxKernels() != nullptr) all.push_back({"emulated amx", EmulatedAmxKernels()});
  return all;
}

// A new seed every time, printed; FURL_TEST_SEED repeats one.
uint64_t Seed() {
  const char* given = std::getenv("FURL_TEST_SEED");
  const uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::printf("FURL_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

Tensor MakeTensor(Format format, int h, int w, int c) {
  return std::move(Tensor::Create(format, h, w, c)).value();
}

struct ConvCase {
  ConvSpec spec;
  int height = 1;
  int width = 1;
  Fill fill = Fill::kRandom;
  int qp = 0;
};

struct ConvData {
  ConvData(TestRandom& random, const ConvCase& c) : node(RandomConvNode(random, c.spec)) {
    const bool digits = c.spec.op == Op::kConv16;
    in = MakeTensor(digits ? Format::kS16 : Format::kU7, c.height, c.width, c.spec.in_channels);
    residual = MakeTensor(Format::kS16, c.height, c.width, c.spec.out_channels);
    FillTensor(random, c.fill, &in);
    FillTensor(random, c.fill, &residual);
    bias_row = c.spec.bias_rows > 1 ? c.qp : 0;
    EXPECT_TRUE(ProveNoOverflow(node, c.spec.in_channels, c.spec.out_channels).ok());
  }
  Tensor Out() const {
    return MakeTensor(node.form == ConvForm::kRelu ? Format::kU7 : Format::kS16, in.height(),
                      in.width(), residual.channels());
  }
  Tensor Want() const {
    Tensor out = Out();
    ConvScalar(node, bias_row, in, &residual, &out, 0, out.height());
    return out;
  }
  Node node;
  Tensor in;
  Tensor residual;
  int bias_row = 0;
};

Tensor RunKernel(const Kernels& kernels, const ConvData& data) {
  PackedConv packed;
  EXPECT_TRUE(PackConv(data.node, kernels.pack, &packed).ok());
  Tensor out = data.Out();
  Tensor high = MakeTensor(Format::kU7, data.in.height(), data.in.width(), data.in.channels());
  Tensor low = MakeTensor(Format::kU7, data.in.height(), data.in.width(), data.in.channels());
  const int first = data.node.kernel == 3 ? -1 : 0;
  ConvJob job;
  job.conv = &packed;
  job.bias = packed.bias.data() + size_t(data.bias_row) * packed.padded_outputs;
  job.width = out.width();
  if (packed.digits) {
    for (int y = 0; y < out.height(); ++y) {
      kernels.split(data.in.S16(y, 0), size_t(data.in.width()) * data.in.channels(), high.U7(y, 0),
                    low.U7(y, 0));
      MirrorAround(y, &high);
      MirrorAround(y, &low);
    }
    job.input = high.U7(first, first);
    job.input_low = low.U7(first, first);
  } else {
    job.input = data.in.U7(first, first);
  }
  job.input_row_stride = data.in.row_stride();
  job.residual = data.residual.S16(0, 0);
  job.residual_row_stride = data.residual.row_stride();
  job.output = out.Bytes(0, 0);
  job.output_row_stride = out.row_stride();
  const int split = out.height() / 2;
  if (split > 0) kernels.conv(job, 0, split);
  kernels.conv(job, split, out.height());
  return out;
}

void ExpectAllEqual(TestRandom& random, const ConvCase& c) {
  const ConvData data(random, c);
  const Tensor want = data.Want();
  for (const Candidate& candidate : Candidates()) {
    const Tensor got = RunKernel(*candidate.kernels, data);
    EXPECT_TRUE(got == want && got.BorderIsZero())
        << candidate.name << " op " << int(c.spec.op) << " " << c.spec.in_channels << "->"
        << c.spec.out_channels << " kernel " << c.spec.kernel << " form " << int(c.spec.form)
        << " at " << c.height << "x" << c.width << " fill " << int(c.fill) << " weights "
        << int(c.spec.weight_fill);
  }
}

std::vector<ConvSpec> AllForms() {
  std::vector<ConvSpec> specs;
  for (int kernel : {1, 3}) {
    for (ConvForm form : {ConvForm::kRelu, ConvForm::kS16, ConvForm::kAdd}) {
      specs.push_back({.op = Op::kConv, .kernel = kernel, .form = form, .bias_rows = 64});
      if (form != ConvForm::kRelu) {
        specs.push_back({.op = Op::kConv16, .kernel = kernel, .form = form});
      }
    }
  }
  return specs;
}

TEST(ConvKernels, EqualScalarForEveryChannelCount) {
  TestRandom random(Seed());
  for (ConvSpec spec : AllForms()) {
    for (int outputs : {16, 32, 48, 64, 80, 96, 112, 160, 256}) {
      spec.in_channels = 16 * random.Int(1, 7);
      spec.out_channels = outputs;
      ExpectAllEqual(random, {spec, random.Int(1, 3), random.Int(1, 30), Fill::kRandom, 63});
    }
  }
}

TEST(ConvKernels, EqualScalarForEverySize) {
  TestRandom random(Seed());
  for (ConvSpec spec : AllForms()) {
    for (int width = 1; width <= 36; ++width) {
      spec.in_channels = random.Int(0, 1) != 0 ? 16 : 80;
      spec.out_channels = 16 * random.Int(1, 3);
      ExpectAllEqual(random, {spec, random.Int(1, 3), width, Fill::kRandom, random.Int(0, 63)});
    }
  }
}

TEST(ConvKernels, EqualScalarAtTheExtremes) {
  TestRandom random(Seed());
  for (ConvSpec spec : AllForms()) {
    for (Fill weights : {Fill::kMax, Fill::kMin, Fill::kMixed}) {
      for (Fill fill : {Fill::kMax, Fill::kMin, Fill::kMixed}) {
        spec.weight_fill = weights;
        spec.in_channels = spec.op == Op::kConv16 && spec.kernel == 3 ? 64 : 128;
        spec.out_channels = 32;
        ExpectAllEqual(random, {spec, 2, 13, fill, 0});
      }
    }
  }
}

// Biases up to the edge of what the proof allows, every shift, every mult size.
TEST(ConvKernels, EqualScalarForEveryShiftAndLargeBias) {
  TestRandom random(Seed());
  for (int shift = 0; shift <= kMaxConvShift; ++shift) {
    for (Op op : {Op::kConv, Op::kConv16}) {
      ConvCase c{{.op = op, .in_channels = 16, .form = ConvForm::kS16}, 1, 7, Fill::kRandom, 0};
      ConvData data(random, c);
      data.node.shift = shift;
      for (int16_t& m : data.node.weights.mult) m = int16_t(32767 >> random.Int(0, 14));
      const int limit = op == Op::kConv ? INT32_MAX - (1 << 24) : INT32_MAX - (1 << 27);
      for (int32_t& b : data.node.weights.bias) b = random.Int(-limit, limit) >> random.Int(0, 24);
      ASSERT_TRUE(ProveNoOverflow(data.node, 16, 16).ok());
      const Tensor want = data.Want();
      for (const Candidate& candidate : Candidates()) {
        EXPECT_TRUE(RunKernel(*candidate.kernels, data) == want)
            << candidate.name << " shift " << shift;
      }
    }
  }
}

TEST(QuantKernels, EqualScalarForEveryShiftAndOffset) {
  TestRandom random(Seed());
  for (int shift = 0; shift <= kMaxQuantShift; ++shift) {
    for (Fill fill : {Fill::kRandom, Fill::kMax, Fill::kMin, Fill::kMixed}) {
      for (bool with_offset : {false, true}) {
        Node node;
        node.op = Op::kQuant;
        node.shift = shift;
        const int channels = 16 * random.Int(1, 6);
        Tensor in = MakeTensor(Format::kS16, 1, random.Int(1, 9), channels);
        FillTensor(random, fill, &in);
        AlignedBuffer<int16_t> offset;
        if (with_offset) {
          ASSERT_TRUE(offset.Resize(channels).ok());
          for (int16_t& v : offset.span()) {
            v = int16_t(FillValue(random, fill, INT16_MIN, INT16_MAX));
            node.weights.bias.push_back(v);
          }
        }
        Tensor want = MakeTensor(Format::kU7, 1, in.width(), channels);
        QuantScalar(node, in, &want, 0, 1);
        for (const Candidate& candidate : Candidates()) {
          Tensor got = MakeTensor(Format::kU7, 1, in.width(), channels);
          candidate.kernels->quant(in.S16(0, 0), offset.data(), shift, in.width(), channels,
                                   got.U7(0, 0));
          EXPECT_TRUE(got == want && got.BorderIsZero()) << candidate.name << " " << shift;
        }
      }
    }
  }
}

TEST(AddKernels, EqualScalar) {
  TestRandom random(Seed());
  for (int width = 1; width < 10; ++width) {
    Tensor a = MakeTensor(Format::kS16, 1, width, 48);
    Tensor b = MakeTensor(Format::kS16, 1, width, 48);
    FillTensor(random, Fill::kRandom, &a);
    FillTensor(random, Fill::kMixed, &b);
    Tensor want = MakeTensor(Format::kS16, 1, width, 48);
    AddScalar(a, b, &want, 0, 1);
    for (const Candidate& candidate : Candidates()) {
      Tensor got = MakeTensor(Format::kS16, 1, width, 48);
      candidate.kernels->add(a.S16(0, 0), b.S16(0, 0), size_t(width) * 48, got.S16(0, 0));
      EXPECT_TRUE(got == want && got.BorderIsZero()) << candidate.name;
    }
  }
}

// All 65536 inputs.
TEST(SplitKernels, GiveTheTwoDigits) {
  std::vector<int16_t> in(65536);
  for (size_t i = 0; i < in.size(); ++i) in[i] = int16_t(int(i) - 32768);
  for (const Candidate& candidate : Candidates()) {
    std::vector<uint8_t> high(in.size()), low(in.size());
    candidate.kernels->split(in.data(), in.size(), high.data(), low.data());
    int bad = 0;
    for (size_t i = 0; i < in.size(); ++i) {
      bad += high[i] > 127 || low[i] > 127 ||
             high[i] * 128 + low[i] - 8192 != Clamp<int>(in[i], -8192, 8191);
    }
    EXPECT_EQ(bad, 0) << candidate.name;
  }
}

TEST(CpuTarget, IsLimitedByName) {
  EXPECT_EQ(*ChooseCpuTarget("scalar"), CpuTarget::kScalar);
  EXPECT_LE(*ChooseCpuTarget("portable"), CpuTarget::kPortable);
  EXPECT_EQ(*ChooseCpuTarget(""), SupportedCpuTargets().back());
  EXPECT_EQ(ChooseCpuTarget("avx3").status().code(), StatusCode::kInvalidArgument);
  for (CpuTarget target : SupportedCpuTargets()) {
    EXPECT_EQ(*ChooseCpuTarget(CpuTargetName(target)), target);
  }
  std::string names;
  for (const Candidate& c : Candidates()) names += " " + c.name;
  std::printf("tested:%s\n", names.c_str());
}

#if defined(__x86_64__)
// In a process of its own, because the limit stays.
TEST(CpuTargetDeathTest, LimitsHighwayToo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto limited = [] {
    setenv("FURL_CPU", "avx2", 1);
    const bool chosen = ChooseCpuTarget().ok();
    // A machine with more than this Highway has names for.
    hwy::SetSupportedTargetsForTest(2 * HWY_SSSE3 - 1);
    return chosen && (hwy::SupportedTargets() & (HWY_AVX2 - 1)) == 0;
  };
  EXPECT_EXIT(std::exit(limited() ? 0 : 1), testing::ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace furl::nn
