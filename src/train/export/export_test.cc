#include "train/export/export.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "train/export/parity.h"
#include "train/network/graph_module.h"
#include "train/network/test_recipe.h"

namespace furl::train {
namespace {

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

}  // namespace
}  // namespace furl::train
