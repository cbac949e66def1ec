#include "train/loop/kept_checkpoints.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace furl::train {
namespace {

TEST(KeptCheckpoints, AreTheLastFew) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("furl_kept_" + std::to_string(getpid()));
  fs::create_directories(folder);
  const auto text = [&](const char* name) {
    std::stringstream all;
    all << std::ifstream(folder / name).rdbuf();
    return all.str();
  };
  for (const int step : {90, 100, 1000, 20000}) {
    // As checkpoints are written: renamed into place.
    std::ofstream(folder / "new") << step;
    fs::rename(folder / "new", folder / "latest");
    ASSERT_TRUE(KeepCheckpoint(folder, "latest", step, 2).ok());
  }
  EXPECT_FALSE(fs::exists(folder / "step-000000090.safetensors"));
  EXPECT_FALSE(fs::exists(folder / "step-000000100.safetensors"));
  EXPECT_EQ(text("step-000001000.safetensors"), "1000");
  EXPECT_EQ(text("step-000020000.safetensors"), "20000");
  EXPECT_EQ(text("latest"), "20000");
  EXPECT_FALSE(KeepCheckpoint(folder, "missing", 1, 2).ok());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace furl::train
