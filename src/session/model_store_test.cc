#include "session/model_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "codec/families/decoders.h"
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
  const Status unknown = store.OfFamily("nobody's").status();
  EXPECT_EQ(unknown.code(), StatusCode::kInvalidArgument);
  for (const FamilyDecoderRow& row : AllFamilies()) {
    EXPECT_NE(unknown.message().find(row.name), std::string::npos) << unknown.message();
  }
  EXPECT_EQ(store.OfFamily("").ok(), store.Default().ok());
  std::filesystem::remove_all(folder);
}

TEST(ModelStoreTest, FindsAModelByIdNameFamilyOrPath) {
  const std::string folder = testing::TempDir() + "/named";
  std::filesystem::create_directories(folder);
  const std::string path = folder + "/any.furlmodel";
  const auto bytes = model::WriteSafeTensors(
      {{"furl_model", "2"}, {"family", "hers"}, {"name", "her-m"}, {"graphs", "{\"graphs\": {}}"}},
      {});
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<int64_t>(bytes.size()));
  const ModelStore store(folder);
  const std::string id = store.List()[0].id;
  for (const std::string& name : {id, std::string("her-m"), std::string("hers"), path}) {
    const auto model = store.Named(name);
    ASSERT_TRUE(model.ok()) << name << ": " << model.status().message();
    EXPECT_EQ((*model)->name(), "her-m") << name;
  }
  const Status unknown = store.Named("his").status();
  EXPECT_EQ(unknown.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(unknown.message().find("no model 'his' (`furl models` lists them)"), 0u);
  EXPECT_EQ(store.Named(folder + "/none.furlmodel").status().code(), StatusCode::kIo);
  EXPECT_EQ(store.Named("").ok(), store.Default().ok());
  std::filesystem::remove_all(folder);
}

// Known families differ from unknown ones: a model of theirs may be had.
TEST(ModelStoreTest, SaysThatAFamilyHasNoModel) {
  for (const FamilyDecoderRow& row : AllFamilies()) {
    const ModelStore store("");
    const auto model = store.OfFamily(row.name);
    if (model.ok()) continue;
    EXPECT_EQ(model.status().code(), StatusCode::kUnsupported) << row.name;
    EXPECT_NE(model.status().message().find("is installed"), std::string::npos);
    EXPECT_EQ(store.Named(row.name).status().message(), model.status().message());
  }
}

}  // namespace
}  // namespace furl::session
