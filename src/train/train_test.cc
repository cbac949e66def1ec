// Tests of the trainer's arithmetic: what it believes must be what the codec
// does.

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include "entropy/symbol_tables.h"
#include "train/export/export.h"
#include "train/export/parity.h"
#include "train/families/transform/codec_model.h"
#include "train/families/transform/entropy_model.h"
#include "train/families/transform/filter_fit.h"
#include "train/families/transform/fused_step.h"
#include "train/families/transform/symbol_statistics.h"
#include "train/loop/optimizer.h"
#include "train/loop/parallel_step.h"
#include "train/loop/prefetch.h"
#include "train/network/checkpoint.h"
#include "train/network/fused_ops.h"
#include "train/network/graph_module.h"
#include "train/network/lap.h"
#include "train/network/quantize.h"

namespace furl::train {
namespace {

Architecture Recipe() {
  auto arch = ReadArchitecture(std::string(FURL_SOURCE_DIR) + "/recipes/vae_s.json");
  EXPECT_TRUE(arch.ok());
  return std::move(arch).value();
}

// Networks with every kind of weight: random, large, tiny and zero.
ParamStore RoughParams(const Architecture& arch) {
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "", 3);
  torch::manual_seed(5);
  for (const auto& [name, tensor] : params.tensors()) {
    if (name.ends_with(".bias")) {
      params.Set(name, torch::randn(tensor.sizes()));
    } else if (name.find("block") != std::string::npos) {
      params.Set(name, tensor * torch::exp2(torch::randn({tensor.size(0), 1, 1, 1}) * 3));
    }
  }
  return params;
}

std::string WriteModel(const Architecture& arch, const ParamStore& params) {
  ExportContent content{arch, QuantizeGraphs(arch, "", params), {}, "{}"};
  const SymbolStatistics empty;
  for (const char* half : {"intra", "inter"}) {
    content.tables[half] = {empty.Frequencies(), empty.Shrink(), empty.HyperZero(),
                            std::vector<float>(kLatentChannels, 1.0F)};
  }
  const std::string path = testing::TempDir() + "/furl_train_test.furlmodel";
  EXPECT_TRUE(ExportModel(path, content).ok());
  return path;
}

TEST(Parity, RuntimeEqualsSimulationForEveryGraph) {
  const Architecture arch = Recipe();
  const std::string path = WriteModel(arch, RoughParams(arch));
  const Status status = CheckParity(path);
  EXPECT_TRUE(status.ok()) << status.message();
}

// The float view and the integers agree up to the roundings in between.
TEST(Export, IntegersFollowTheFloatNetwork) {
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "intra.", 3);
  const auto convs = QuantizeGraphs(arch, "intra.", params);
  const auto& graph = arch.graph("intra.prior_7");
  const auto trunk = torch::round(torch::randn({1, 64, 6, 5}) * 512);
  const auto context = torch::round(torch::rand({1, 128, 6, 5}) * 60);
  const int qp = 20;
  const auto integer = RunInteger(
      graph, convs,
      {{"trunk_in", trunk.to(torch::kFloat64)}, {"context", context.to(torch::kFloat64)}}, qp, 6,
      5);
  RunOptions options;
  options.fake_quant = true;
  const auto real = GraphModule(graph, params)
                        .Run({{"trunk_in", trunk / 512}, {"context", context / 32}},
                             KnotWeights(torch::full({1}, qp)), 6, 5, options);
  const auto close = [&](const char* name, double unit, double tolerance) {
    const auto error = (integer.at(name).to(torch::kFloat32) / unit - real.at(name)).abs();
    EXPECT_LT(error.max().item<double>(), tolerance) << name;
  };
  close("trunk", 512, 0.02);
  close("scale", 32, 0.15);
  close("mean", 512, 1e-6);  // zero-initialized
}

TEST(Export, JointRoundingLowersTheErrorOfTheOutput) {
  torch::manual_seed(2);
  ArchNode node;
  node.op = nn::Op::kConv16;
  node.channels = 16;
  node.in_channels = 64;
  const auto weight = torch::randn({16, 64, 1, 1}) * 0.05;
  // Inputs that share most of their power, as the pixels of a block do.
  const auto inputs = torch::randn({500, 64}) * 5 + torch::randn({500, 1}) * 100;
  const auto error = [&](const Tensor& moments) {
    const IntegerConv conv = QuantizeConv(node, weight, torch::zeros({16}), moments);
    auto real = torch::empty({16, 64});
    for (int o = 0; o < 16; ++o) {
      const float unit = static_cast<float>(conv.mult[o]) / std::exp2(15.0F + conv.shift);
      for (int i = 0; i < 64; ++i) real[o][i] = conv.weight[o * 64 + i] * unit;
    }
    return torch::matmul(inputs, (real - weight.flatten(1)).t()).square().mean().item<double>();
  };
  const double plain = error(Tensor());
  const double joint = error(torch::matmul(inputs.t(), inputs).to(torch::kFloat64));
  EXPECT_LT(joint, 0.3 * plain);
}

// Analysis and synthesis, each rounded well, together lose more than an analysis that knows how
// the synthesis was rounded.
TEST(Export, AnalysisUndoesTheRoundedSynthesis) {
  torch::manual_seed(4);
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "intra.", 3);
  const auto random = torch::randn({kLatentChannels, kLatentChannels}, torch::kFloat64);
  const auto basis = std::get<0>(torch::linalg_qr(random, "reduced"));
  const std::vector<int64_t> shape = {kLatentChannels, kLatentChannels, 1, 1};
  params.Set("intra.analysis.klt.weight", (basis / 16).reshape(shape));
  params.Set("intra.synthesis.klt.weight", (basis.t() * 16).reshape(shape));
  const auto real = [&](const IntegerConv& conv) {
    auto weight = torch::empty({kLatentChannels, kLatentChannels}, torch::kFloat64);
    for (int64_t i = 0; i < weight.numel(); ++i) {
      weight.data_ptr<double>()[i] =
          conv.weight[i] * conv.mult[i / kLatentChannels] / std::exp2(15 + conv.shift);
    }
    return weight;
  };
  const auto convs = QuantizeGraphs(arch, "intra.", params);
  const auto synthesis = real(convs.at("intra.synthesis.klt"));
  const auto loss = [&](const IntegerConv& analysis) {
    return (torch::matmul(synthesis, real(analysis)) - torch::eye(kLatentChannels, torch::kFloat64))
        .square()
        .mean()
        .item<double>();
  };
  const auto& nodes = arch.graph("intra.analysis").nodes;
  const auto alone = QuantizeConv(nodes.back(), params.Get("intra.analysis.klt.weight"),
                                  params.Get("intra.analysis.klt.bias"));
  EXPECT_LT(loss(convs.at("intra.analysis.klt")), 0.6 * loss(alone));
}

TEST(SpaceToDepth, OrderAndPaddingAreThoseOfTheNumericsPage) {
  const auto x = torch::arange(3 * 5 * 2).reshape({1, 3, 5, 2}).permute({0, 3, 1, 2});
  const auto packed = SpaceToDepth(x);
  ASSERT_EQ(packed.size(1), 8);
  ASSERT_EQ(packed.size(2), 2);
  ASSERT_EQ(packed.size(3), 3);
  for (int y = 0; y < 4; ++y) {
    for (int col = 0; col < 6; ++col) {
      for (int c = 0; c < 2; ++c) {
        const int64_t expected = y < 3 && col < 5 ? x[0][c][y][col].item<int64_t>() : 0;
        const int channel = ((y % 2) * 2 + col % 2) * 2 + c;
        EXPECT_EQ(packed[0][channel][y / 2][col / 2].item<int64_t>(), expected);
      }
    }
  }
  const auto back = DepthToSpace(packed);
  EXPECT_TRUE(torch::equal(back.slice(2, 0, 3).slice(3, 0, 5), x));
}

TEST(Lap, StrengthsCancelAndTheWholeFollowsTheReal) {
  torch::manual_seed(4);
  const auto x = torch::round(torch::randn({2, 96, 6, 10}) * 900);
  const auto lapped = Lap(x, 0.55);
  const auto change = (lapped - x).abs();
  EXPECT_GT(change.mean().item<double>(), 50);
  EXPECT_NEAR(lapped.square().mean().item<double>(), x.square().mean().item<double>(), 300);
  // The picture's border has no neighbours: the top left luma sample stays.
  EXPECT_EQ(change.index({torch::indexing::Slice(), 0, 0, 0}).max().item<double>(), 0);
  EXPECT_LT((Lap(lapped, -0.55) - x).abs().max().item<double>(), 2);
  const auto whole = LapWhole(x.to(torch::kFloat64), 0.55).to(torch::kFloat32);
  EXPECT_LE((whole - lapped).abs().max().item<double>(), 2);
}

// Smooth pictures are what lapping is for: what a ramp's blocks differ by at
// their edges becomes smaller.
TEST(Lap, FlattensBlocksOfARamp) {
  auto x = torch::zeros({1, 96, 2, 8});
  for (int i = 0; i < 64; ++i) {
    for (int column = 0; column < 8; ++column)
      x[0][8 * (i / 8) + i % 8][0][column] = column * 8 + i % 8;
  }
  const auto spread = [](const Tensor& t) {
    using torch::indexing::Slice;
    return t.index({0, Slice(0, 8), 0, Slice(2, 4)}).var(false).item<double>();
  };
  EXPECT_LT(spread(Lap(x, 0.55)), 0.75 * spread(x));
  EXPECT_LT(spread(Lap(x, 1)), spread(Lap(x, 0.55)));
}

TEST(Entropy, LaplaceLawSumsToOne) {
  for (const double sigma : {0.1, 0.5, 2.0, 20.0}) {
    const auto decay = torch::full({1}, std::sqrt(2.0) / sigma);
    double sum = 0;
    for (int k = 0; k < 4000; ++k) {
      const double bits =
          LaplaceBits(torch::full({1}, static_cast<float>(k)), decay, kZeroEdge).item<double>();
      sum += (k == 0 ? 1 : 2) * std::exp2(-bits);
    }
    EXPECT_NEAR(sum, 1.0, 2e-3) << sigma;
  }
}

TEST(Entropy, GradientTowardDecayMatchesDifferences) {
  const auto q = torch::tensor({0.0F, 1.0F, -3.0F, 10.0F});
  for (const float a : {0.2F, 1.0F, 4.0F}) {
    auto decay = torch::full({4}, a).set_requires_grad(true);
    SymbolBits(q, q, decay, kZeroEdge).sum().backward();
    const float eps = 1e-2F * a;
    const auto up = LaplaceBits(q.abs(), torch::full({4}, a + eps), kZeroEdge);
    const auto down = LaplaceBits(q.abs(), torch::full({4}, a - eps), kZeroEdge);
    EXPECT_TRUE(torch::allclose(decay.grad(), (up - down) / (2 * eps), 2e-2, 1e-2)) << a;
  }
}

TEST(Entropy, RoundingIsNearestWithoutRateAndShrinksWithIt) {
  const auto value = torch::tensor({0.4F, 0.55F, -0.7F, 2.52F, -7.9F});
  const auto decay = torch::full({5}, 1.5F);
  EXPECT_TRUE(torch::equal(RoundRateDistortion(value, decay, 0.0), torch::round(value)));
  const auto lean = RoundRateDistortion(value, decay, kLagrangian);
  EXPECT_TRUE(torch::equal(lean, torch::tensor({0.0F, 0.0F, -1.0F, 2.0F, -8.0F})));
}

TEST(Entropy, CompandedValuesAreThoseOfTheVaePage) {
  const int expected[] = {0, 24, 38, 48, 56, 62, 67, 72, 76, 80, 83};
  const auto t = Compand(torch::arange(11).to(torch::kFloat32)) * 32;
  for (int i = 0; i < 11; ++i) EXPECT_EQ(t[i].item<float>(), expected[i]) << i;
  EXPECT_EQ(Compand(torch::full({1}, 38.0F)).item<float>() * 32, 127);
}

Tensor Nhwc(const Tensor& x) { return x.contiguous(torch::MemoryFormat::ChannelsLast); }

// The fused operators equal the plain ones, forward and backward.
TEST(Fused, BiasAndQuantFollowThePlainOperators) {
  torch::manual_seed(1);
  // Below the upper bound, where the fused relu passes inward gradients as well.
  const auto x = Nhwc(torch::clamp_max(torch::randn({2, 32, 4, 6}) * 2, 3.5)).to(torch::kBFloat16);
  const auto seed = torch::randn({2, 32, 4, 6});
  const auto run = [&](bool fused, int kind, std::vector<Tensor>& grads) {
    auto a = x.clone().set_requires_grad(true);
    auto b = torch::randn({2, 32}, torch::kFloat32).fill_(0.25).set_requires_grad(true);
    auto r = x.to(torch::kFloat32).set_requires_grad(true);
    const auto wide = b.unsqueeze(2).unsqueeze(3);
    Tensor y;
    if (kind == 0) {
      y = fused ? FusedBiasRelu(a, b, false)
                : torch::clamp(a.to(torch::kFloat32) + wide, 0, kU7Max);
    } else if (kind == 1) {
      y = fused ? FusedBiasAdd(a, b, r) : a.to(torch::kFloat32) + wide + r;
    } else {
      y = fused ? FusedQuant(r, 0.5, false) : torch::clamp(r * 0.5, 0, kU7Max);
    }
    (y.to(torch::kFloat32) * seed).sum().backward();
    for (const Tensor& t : {a, b, r}) {
      grads.push_back(t.grad().defined() ? t.grad().to(torch::kFloat32) : torch::zeros({1}));
    }
    return y.to(torch::kFloat32);
  };
  for (int kind = 0; kind < 3; ++kind) {
    std::vector<Tensor> plain, fused;
    EXPECT_TRUE(torch::allclose(run(false, kind, plain), run(true, kind, fused), 1e-2, 1e-2));
    for (size_t i = 0; i < plain.size(); ++i) {
      EXPECT_TRUE(torch::allclose(plain[i], fused[i], 2e-2, 2e-2)) << kind << i;
    }
  }
}

TEST(Fused, ReluPassesInwardGradientsAboveItsBound) {
  auto x = torch::full({1, 16, 1, 1}, 5.0).to(torch::kBFloat16).set_requires_grad(true);
  const auto sign = torch::tensor({1.0F, -1.0F}).repeat({8}).reshape({1, 16, 1, 1});
  const auto y = FusedBiasRelu(x, torch::zeros({1, 16}), false).to(torch::kFloat32);
  EXPECT_TRUE(torch::equal(y, torch::full({1, 16, 1, 1}, kU7Max)));
  (y * sign).sum().backward();
  EXPECT_TRUE(torch::equal(x.grad().to(torch::kFloat32), torch::clamp_min(sign, 0)));
}

TEST(Fused, WholeModelFollowsThePlainPath) {
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "intra.", 3);
  CodecModel model(arch, "intra", params);
  model.InitEntropy();
  Batch batch;
  batch.original = Nhwc(torch::rand({3, kPackedChannels, 16, 16}) * 8);
  batch.pred = torch::full_like(batch.original, 4.0);
  batch.qp = torch::tensor({10.0F, 30.0F, 50.0F});
  ForwardOptions options;
  options.run.bf16 = true;
  const auto fused = model.Run(batch, options);
  options.keep_symbols = true;  // takes the plain step
  const auto plain = model.Run(batch, options);
  EXPECT_TRUE(torch::allclose(fused.bits, plain.bits, 1e-2)) << fused.bits << plain.bits;
  EXPECT_TRUE(torch::allclose(fused.sse, plain.sse, 1e-2)) << fused.sse << plain.sse;
  const auto& weight = params.Get("intra.prior_8.scale.weight");
  const auto a = torch::autograd::grad({fused.bits.sum()}, {weight})[0];
  const auto b = torch::autograd::grad({plain.bits.sum()}, {weight})[0];
  EXPECT_LT((a - b).norm().item<double>(), 0.02 * b.norm().item<double>());
}

// One step of training on a GPU computes what it computes on the CPU.
TEST(Cuda, StepFollowsTheCpu) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no CUDA device";
  KeepFullPrecision();
  const Architecture arch = Recipe();
  ForwardOptions options;
  options.run.bf16 = false;
  const auto run = [&](const char* name) {
    const torch::Device device(name);
    ParamStore params{device};
    params.InitGraphs(arch, "intra.", 3);
    CodecModel model(arch, "intra", params);
    model.InitEntropy();
    torch::manual_seed(9);
    Batch batch;
    batch.original = Nhwc(torch::rand({3, kPackedChannels, 16, 16}) * 8);
    batch.pred = torch::full_like(batch.original, 4.0);
    batch.qp = torch::tensor({10.0F, 30.0F, 50.0F});
    ParallelStep(
        model, params, 1, [&](int) { return batch; }, options);
    std::map<std::string, Tensor> gradients;
    for (const auto& [key, tensor] : params.tensors()) {
      if (tensor.grad().defined()) gradients[key] = tensor.grad().cpu();
    }
    return gradients;
  };
  const auto cpu = run("cpu");
  const auto cuda = run("cuda");
  ASSERT_EQ(cpu.size(), cuda.size());
  ASSERT_GT(cpu.size(), 50U);
  for (const auto& [key, gradient] : cpu) {
    const double error = (cuda.at(key) - gradient).norm().item<double>();
    EXPECT_LE(error, 0.02 * gradient.norm().item<double>() + 1e-6) << key;
  }
}

TEST(Prefetch, KeepsTheOrderAndPassesFailuresOn) {
  const auto counting = [](int first) {
    auto n = std::make_shared<int>(first);
    return BatchSource([n](int) {
      if (*n >= 100) throw std::runtime_error("out of crops");
      Batch batch;
      batch.original = batch.pred = torch::zeros({1});
      batch.qp = torch::full({1}, static_cast<float>(*n += 2));
      return batch;
    });
  };
  const BatchSource next = Prefetch({counting(-2), counting(-1)}, /*pin=*/false);
  for (int i = 0; i <= 100; ++i) EXPECT_EQ(next(-1).qp.item<float>(), i);
  next(-1);
  EXPECT_THROW(next(-1), std::runtime_error);
}

// A transform made with the weights of samples needs no steps of its own; where a latent's basis
// function is longer, the same step of it would be a larger error.
TEST(Codec, StepsMakeErrorsOfAllLatentsWeighAlike) {
  ParamStore params{torch::Device("cpu")};
  const auto random = torch::randn({kLatentChannels, kLatentChannels}, torch::kFloat64);
  const auto orthonormal = std::get<0>(torch::linalg_qr(random, "reduced"));
  auto synthesis = 16 * orthonormal / SampleWeights().unsqueeze(1);
  const std::string name = "intra.synthesis.klt.weight";
  const auto set = [&] {
    params.Set(name, synthesis.to(torch::kFloat32).reshape({kLatentChannels, -1, 1, 1}));
  };
  set();
  EXPECT_LT((RelativeSteps(params, "intra") - 1).abs().max().item<float>(), 1e-5F);
  synthesis.select(1, 7).mul_(2);
  synthesis.select(1, 9).zero_();
  set();
  const auto steps = RelativeSteps(params, "intra");
  EXPECT_NEAR(steps[7].item<float>(), 0.5F, 1e-5F);
  EXPECT_NEAR(steps[8].item<float>(), 1.0F, 1e-5F);
  EXPECT_EQ(steps[9].item<float>(), 16.0F);
}

TEST(Calibrate, TablesAreValidEvenWithoutSymbols) {
  const auto tables = SymbolTables::Create(SymbolStatistics().Frequencies());
  ASSERT_TRUE(tables.ok()) << tables.status().message();
  // Rare symbols share the escape where there is hardly anything but zeros.
  EXPECT_LT((*tables)->reach(1), 4);
  EXPECT_EQ((*tables)->reach(27), 15);
}

TEST(Calibrate, RowsFollowTheirCounts) {
  SymbolRow counts{};
  counts[15] = 90000;  // q = 0
  counts[16] = 6000;   // 1
  counts[14] = 4000;   // -1
  const auto row = FitRow(counts, 8);
  EXPECT_NEAR(row[15], 0.9 * kFrequencySum, 40);
  EXPECT_NEAR(row[16], row[14], 1) << "signs carry no information";
  int sum = 0;
  for (const int f : row) sum += f;
  EXPECT_EQ(sum, kFrequencySum);
  // Where the zero's bin is half as wide there are fewer zeros.
  const auto first = FitRow({}, SymbolTables::Row(0, 14));
  const auto second = FitRow({}, SymbolTables::Row(1, 14));
  EXPECT_LT(second[15], 0.8 * first[15]);
}

TEST(Checkpoint, TensorsSurviveTheFile) {
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "intra.prior_", 11);
  TensorFile file;
  AppendParams(params, "model.", false, file);
  file.metadata["half"] = "intra";
  const std::string path = testing::TempDir() + "/furl_train_test.safetensors";
  ASSERT_TRUE(WriteTensorFile(path, file).ok());
  auto read = ReadTensorFile(path);
  ASSERT_TRUE(read.ok()) << read.status().message();
  ParamStore loaded{torch::Device("cpu")};
  ASSERT_TRUE(LoadParams(*read, "model.", {"intra.", "inter."}, loaded).ok());
  ASSERT_EQ(loaded.tensors().size(), params.tensors().size());
  for (const auto& [name, tensor] : params.tensors()) {
    EXPECT_TRUE(torch::equal(loaded.Get("inter." + name.substr(6)), tensor)) << name;
  }
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  EXPECT_FALSE(ReadTensorFile(path).ok());
}

TEST(Optimizer, FirstStepIsTheRateAndSparesWhatIsFrozen) {
  ParamStore params{torch::Device("cpu")};
  for (const char* name : {"free", "frozen"}) params.Set(name, torch::ones({4, 3, 1, 1}));
  params.SetTrainable("frozen", false);
  Optimizer optimizer(params, {});
  for (const auto& [name, tensor] : params.tensors()) {
    if (tensor.requires_grad()) params.Get(name).mutable_grad() = torch::ones_like(tensor);
  }
  optimizer.Step(0.01);
  // The first step of Adam is the rate, whatever the gradient.
  const auto moved = [&](const char* name) {
    return 1 - params.Get(name).detach().min().item<double>();
  };
  EXPECT_NEAR(moved("free"), 0.01, 1e-6);
  EXPECT_EQ(moved("frozen"), 0);
}

// An original that is the decoded picture, filtered by known taps in every class.
TEST(FilterFit, FindsTheTapsThatMadeTheOriginal) {
  constexpr int kSize = 128;
  const std::array<double, filter::kTaps> known = {-0.02, 0.03, 0.1, 0.01, -0.04, 0.12};
  std::mt19937 rng(2);
  const FramePtr decoded = Frame::Create(kSize, kSize, 12, filter::kFilterBorder).value();
  for (int p = 0; p < 3; ++p) {
    for (int y = 0; y < decoded->plane(p).height; ++y) {
      for (int x = 0; x < decoded->plane(p).width; ++x) {
        decoded->plane(p).row(y)[x] = static_cast<uint16_t>(1900 + rng() % 300);
      }
    }
  }
  decoded->ExtendBorder();
  const FramePtr original = Frame::Create(kSize, kSize, 12).value();
  for (int p = 0; p < 3; ++p) {
    const Plane from = decoded->plane(p);
    for (int y = 0; y < from.height; ++y) {
      for (int x = 0; x < from.width; ++x) {
        double value = from.row(y)[x];
        for (int k = 0; k < filter::kTaps; ++k) {
          const auto [dx, dy] = filter::kTapOffsets[k];
          value += known[k] *
                   (from.row(y + dy)[x + dx] + from.row(y - dy)[x - dx] - 2.0 * from.row(y)[x]);
        }
        original->plane(p).row(y)[x] = static_cast<uint16_t>(std::lround(value));
      }
    }
  }
  const std::vector<uint8_t> qps(16, 30);
  const filter::LoopFilterInput input = {decoded.get(), nullptr, qps};
  FilterStatistics statistics(true);
  statistics.Add(input, *original);
  const auto fitted = filter::LoopFilter::Create(statistics.Fit()).value();
  const FramePtr filtered = Frame::Create(kSize, kSize, 12).value();
  const FramePtr untouched = Frame::Create(kSize, kSize, 12).value();
  fitted->Run(input, {filter::kTrainedStrength, filter::kTrainedStrength}, nullptr, filtered.get());
  fitted->Run(input, {0, 0}, nullptr, untouched.get());
  const auto error = [&](const FramePtr& frame) {
    double sum = 0;
    for (int y = 0; y < kSize; ++y) {
      for (int x = 0; x < kSize; ++x) {
        sum += std::abs(frame->plane(0).row(y)[x] - original->plane(0).row(y)[x]);
      }
    }
    return sum / (kSize * kSize);
  };
  EXPECT_LT(error(filtered), 0.05 * error(untouched));
}

TEST(Quantize, InwardClampKeepsUsefulGradientsOnly) {
  auto x = torch::tensor({-1.0F, -1.0F, 5.0F, 5.0F}).set_requires_grad(true);
  const auto pull = torch::tensor({-1.0F, 1.0F, 1.0F, -1.0F});  // descent raises, lowers, ...
  (ClampInward(x, 0.0, 4.0) * pull).sum().backward();
  EXPECT_TRUE(torch::equal(x.grad(), torch::tensor({-1.0F, 0.0F, 1.0F, 0.0F})));
}

}  // namespace
}  // namespace furl::train
