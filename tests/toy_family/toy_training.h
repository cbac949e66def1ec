// What tests of training the toy family share.

#ifndef FURL_TOY_FAMILY_TOY_TRAINING_H_
#define FURL_TOY_FAMILY_TOY_TRAINING_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/test_video.h"
#include "train/loop/trainer.h"

namespace furl::test {

inline const std::string kRecipe = std::string(FURL_SOURCE_DIR) + "/tests/toy_family/toy.json";

// A folder that goes away with the test.
class ToyTraining : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("furl_toy_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_ / "cache");
  }
  void TearDown() override {
    if (!keep_) std::filesystem::remove_all(folder_);
  }

  // Works in a folder that is there, and stays.
  void UseFolder(const std::string& folder) {
    std::filesystem::remove_all(folder_);
    folder_ = folder;
    keep_ = true;
  }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  // A frame cache of two clips, one held out.
  void WriteCache() const {
    constexpr int kWidth = 96;
    constexpr int kHeight = 80;
    constexpr int kFrames = 3;
    std::ofstream frames(Path("cache/frames.bin"), std::ios::binary);
    nlohmann::json clips;
    uint64_t offset = 0;
    for (const bool held_out : {false, true}) {
      clips.push_back({{"name", held_out ? "b" : "a"},
                       {"width", kWidth},
                       {"height", kHeight},
                       {"frames", kFrames},
                       {"offset", offset},
                       {"held_out", held_out}});
      for (const ConstFramePtr& frame : MakeVideo(kWidth, kHeight, 8, kFrames)) {
        for (int p = 0; p < 3; ++p) {
          const ConstPlane plane = frame->plane(p);
          for (int y = 0; y < plane.height; ++y) {
            const std::vector<char> row(plane.row(y), plane.row(y) + plane.width);
            frames.write(row.data(), plane.width);
          }
        }
      }
      offset = static_cast<uint64_t>(frames.tellp());
    }
    std::ofstream(Path("cache/index.json")) << nlohmann::json{{"clips", clips}};
  }

  // A run of ten steps into "run".
  train::TrainOptions TenSteps() const {
    train::TrainOptions options;
    options.arch = kRecipe;
    options.cache = Path("cache");
    options.run = Path("run");
    options.steps = 10;
    options.batch = 4;
    options.crop = 64;
    options.warmup = 1;
    options.learning_rate = 1e-5;  // weights start at 1 / 16
    return options;
  }

  std::filesystem::path folder_;
  bool keep_ = false;
};

// The lines of a run's log of one kind.
inline std::vector<nlohmann::json> Lines(const std::string& log, const std::string& kind) {
  std::vector<nlohmann::json> lines;
  std::ifstream in(log);
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json.at("kind") == kind) lines.push_back(json);
  }
  return lines;
}

// The validation scores of a run, from its log.
inline std::vector<double> Scores(const std::string& log) {
  std::vector<double> scores;
  for (const auto& line : Lines(log, "validation")) scores.push_back(line.at("score"));
  return scores;
}

}  // namespace furl::test

#endif  // FURL_TOY_FAMILY_TOY_TRAINING_H_
