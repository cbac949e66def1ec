#include "cli/model_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "model/safetensors.h"

namespace furl::cli {
namespace {

TEST(ModelStoreTest, PassesOverWhatIsTooLargeForAModel) {
  const std::string path = testing::TempDir() + "/large.furlmodel";
  std::ofstream(path) << "not read any further";
  const auto is_listed = [&path] {
    const auto models = ModelStore(path).List();
    return !models.empty() && models[0].path == path;
  };
  std::filesystem::resize_file(path, model::SafeTensors::kDefaultMaxBytes);
  EXPECT_TRUE(is_listed());
  std::filesystem::resize_file(path, model::SafeTensors::kDefaultMaxBytes + 1);
  EXPECT_FALSE(is_listed());
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace furl::cli
