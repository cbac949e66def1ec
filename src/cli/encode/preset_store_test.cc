#include "cli/encode/preset_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/encode/encode_settings.h"

namespace furl::cli {
namespace {

namespace fs = std::filesystem;

class PresetStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    config_ = fs::temp_directory_path() / ("furl_presets_" + std::to_string(getpid()));
    fs::create_directories(config_ / "furl/presets");
    setenv("XDG_CONFIG_HOME", config_.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("XDG_CONFIG_HOME");
    fs::remove_all(config_);
  }
  std::string Write(const std::string& name, const std::string& text) {
    const fs::path path = config_ / "furl/presets" / name;
    std::ofstream(path) << text;
    return path.string();
  }

  fs::path config_;
};

TEST_F(PresetStoreTest, BuiltInOnesAreAllThere) {
  std::vector<Status> broken;
  const auto presets = ListPresets(&broken);
  EXPECT_TRUE(broken.empty());
  const fs::path folder = fs::path(FURL_SOURCE_DIR) / "presets";
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    ++files;
    const auto preset = ReadPresetFile(entry.path());
    ASSERT_TRUE(preset.ok()) << preset.status().message();
    const auto found = std::ranges::find(presets, preset->name, &PresetFile::name);
    ASSERT_NE(found, presets.end()) << entry.path() << " is not embedded";
    EXPECT_EQ(found->words, preset->words);
    EXPECT_EQ(entry.path().stem(), preset->name);
    EXPECT_FALSE(preset->description.empty());
  }
  EXPECT_EQ(presets.size(), files);
}

TEST_F(PresetStoreTest, TheUsersShadowThem) {
  const std::string path = Write("mine.json", R"({"name": "web", "options": {"crf": 50}})");
  const auto web = FindPreset("web");
  ASSERT_TRUE(web.ok()) << web.status().message();
  EXPECT_EQ(web->path, path);
  EXPECT_EQ(web->words, Words({"--crf", "50"}));
  EXPECT_TRUE(FindPreset(path).ok());
  EXPECT_TRUE(FindPreset("archive").ok());
}

TEST_F(PresetStoreTest, MistakesAreNamed) {
  const std::string path = Write("web.json", R"({"name": "web", "options": {"crff": 50}})");
  const Status broken = FindPreset("web").status();
  EXPECT_EQ(broken.code(), StatusCode::kInvalidStream);
  EXPECT_EQ(broken.message().find(path + ": options.crff: "), 0u) << broken.message();
  const Status missing = FindPreset("archiv").status();
  EXPECT_EQ(missing.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(missing.message().find("did you mean archive?"), std::string::npos);
  EXPECT_EQ(FindPreset("./none.json").status().code(), StatusCode::kIo);
  std::vector<Status> left_out;
  ListPresets(&left_out);
  EXPECT_EQ(left_out.size(), 1);
}

Words Merged(const Words& preset, Words line) {
  EncodeOptions options;
  CLI::App app;
  AddEncodeSettings(&app, &options);
  std::ranges::reverse(line);
  app.parse(line);
  const Words merged = MergePreset(preset, app);
  EXPECT_TRUE(ParseEncodeWords(merged).ok());
  return merged;
}

TEST_F(PresetStoreTest, TheCommandLineWins) {
  const Words preset = {"--crf", "44", "--low-delay", "--audio", "none"};
  EXPECT_EQ(Merged(preset, {}), preset);
  EXPECT_EQ(Merged(preset, {"--audio", "copy", "--gop", "1"}),
            Words({"--crf", "44", "--low-delay", "--gop", "1", "--audio", "copy"}));
  EXPECT_EQ(Merged(preset, {"--low-delay=false"}), Words({"--crf", "44", "--audio", "none"}));
}

TEST_F(PresetStoreTest, OneWayToQualityReplacesTheOther) {
  EXPECT_EQ(Merged({"--crf", "44", "--preset", "slow"}, {"--size", "20M"}),
            Words({"--preset", "slow", "--size", "20M"}));
  const Words size = {"--size", "20M", "--samples", "4", "--best-effort"};
  EXPECT_EQ(Merged(size, {"--crf", "30"}), Words({"--crf", "30"}));
  EXPECT_EQ(Merged(size, {"--target", "psnr=38"}),
            Words({"--samples", "4", "--best-effort", "--target", "psnr=38"}));
  const Words rate = {"--bitrate", "1M", "--vbv", "2M"};
  EXPECT_EQ(Merged(rate, {"--bitrate", "500k"}), Words({"--vbv", "2M", "--bitrate", "500k"}));
  EXPECT_EQ(Merged(rate, {"--size", "20M"}), Words({"--size", "20M"}));
}

}  // namespace
}  // namespace furl::cli
