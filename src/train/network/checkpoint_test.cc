#include "train/network/checkpoint.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "train/network/test_recipe.h"

namespace furl::train {
namespace {

TEST(Checkpoint, TensorsSurviveTheFile) {
  const Architecture arch = Recipe();
  ParamStore params{torch::Device("cpu")};
  params.InitGraphs(arch, "intra.prior_", 11);
  TensorFile file;
  AppendParams(params, "model.", false, file);
  file.metadata["part"] = "intra";
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

}  // namespace
}  // namespace furl::train
