#include "session/model_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "model/safetensors.h"

namespace furl::session {
namespace {

TEST(ModelStoreTest, PassesOverWhatIsTooLargeForAModel) {
  const std::string path = testing::TempDir() + "/large.furlmodel";
  const auto write = [&path](const std::vector<uint8_t>& bytes) {
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<int64_t>(bytes.size()));
  };
  const auto is_listed = [&path] {
    const auto models = ModelStore(path).List();
    return !models.empty() && models[0].path == path;
  };
  write(model::WriteSafeTensors({{"graphs", "{\"graphs\": {}}"}}, {}));
  EXPECT_TRUE(is_listed());
  write({'n', 'o', ' ', 'm', 'o', 'd', 'e', 'l'});
  EXPECT_FALSE(is_listed());
  std::filesystem::resize_file(path, model::SafeTensors::kDefaultMaxBytes + 1);
  EXPECT_FALSE(is_listed());
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace furl::session
