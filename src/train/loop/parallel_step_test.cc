#include "train/loop/parallel_step.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "train/families/families.h"
#include "train/network/fused_tensors.h"
#include "train/network/test_recipe.h"

namespace furl::train {
namespace {

using fused::Nhwc;

// One step of training on a GPU computes what it computes on the CPU.
TEST(Cuda, StepFollowsTheCpu) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no CUDA device";
  KeepFullPrecision();
  const Architecture arch = Recipe();
  const TrainFamily& family = **FindTrainFamily(arch.family);
  const FamilyOptionsPtr options = *ParseFamilyOptions(family.train_options, {});
  const auto run = [&](const char* name) {
    const torch::Device device(name);
    ParamStore params{device};
    params.InitGraphs(arch, "intra.", 3);
    const auto model = family.create(arch, "intra", options, params);
    model->InitOwn();
    torch::manual_seed(9);
    Batch batch;
    batch.original = Nhwc(torch::rand({3, kPackedChannels, 16, 16}) * 8);
    batch.pred = torch::full_like(batch.original, 4.0);
    batch.qp = torch::tensor({10.0F, 30.0F, 50.0F});
    ParallelStep(*model, 1, [&](int) { return batch; }, {});
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

}  // namespace
}  // namespace furl::train
