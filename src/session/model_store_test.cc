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

TEST(ModelStoreTest, FindsAModelOfAFamily) {
  const std::string folder = testing::TempDir() + "/families";
  std::filesystem::create_directories(folder);
  for (const std::string family : {"squeeze", "vae"}) {
    const auto bytes = model::WriteSafeTensors({{"furl_model", "2"},
                                                {"family", family},
                                                {"name", family + "-test"},
                                                {"graphs", "{\"graphs\": {}}"}},
                                               {});
    std::ofstream(folder + "/" + family + ".furlmodel", std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<int64_t>(bytes.size()));
  }
  const ModelStore store(folder);
  for (const std::string family : {"squeeze", "vae"}) {
    const auto model = store.OfFamily(family);
    ASSERT_TRUE(model.ok()) << model.status().message();
    EXPECT_EQ((*model)->name(), family + "-test");
  }
  EXPECT_EQ(store.OfFamily("nobody's").status().code(), StatusCode::kUnsupported);
  EXPECT_EQ(store.OfFamily("").ok(), store.Default().ok());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace furl::session
