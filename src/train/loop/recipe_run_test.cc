#include "train/loop/recipe_run.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "train/families/families.h"
#include "train/hyperprior/hyperprior_part.h"

namespace furl::train {
namespace {

class RecipeRun : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  // A recipe of the transform family; ApplyRecipe reads no graphs.
  Status Apply(const std::string& members, const std::string& part = "") {
    std::ofstream(path_) << R"({"family": "transform", "name": "x", "graphs": {}, )" << members
                         << "}";
    options_ = {};
    options_.arch = path_;
    options_.part = part;
    options_.family_words = {"--hyper-keep", "0.75"};
    return ApplyRecipe(&options_);
  }
  void ExpectRefused(const std::string& members, const std::string& named) {
    const Status status = Apply(members);
    EXPECT_EQ(status.code(), StatusCode::kInvalidArgument) << members;
    EXPECT_NE(status.message().find(named), std::string::npos) << status.message();
    EXPECT_NE(status.message().find(path_), std::string::npos) << status.message();
  }

  std::string path_ = std::filesystem::temp_directory_path() /
                      ("furl_recipe_" + std::to_string(getpid()) + ".json");
  TrainOptions options_;
};

constexpr char kTraining[] = R"("training": {
  "steps": 14000, "crop": 192, "batch": 8, "lr": 1e-3, "optimizer": "sgd", "schedule": "cosine",
  "clip": 2, "seed": 9, "threads": 3, "keep": 4, "early-stop": 5, "bf16": false,
  "losses": {"mse": 0.2, "ms-ssim": 0.8},
  "options": {"hyper-keep": 0.5, "rate-only": true, "free-synthesis": false},
  "parts": {"inter": {"steps": 3600, "options": {"hyper-keep": 0.25}}}})";

TEST_F(RecipeRun, HoldsTheRun) {
  const Status status = Apply(kTraining);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(options_.steps, 14000);
  EXPECT_EQ(options_.crop, 192);
  EXPECT_EQ(options_.batch, 8);
  EXPECT_EQ(options_.learning_rate, 1e-3);
  EXPECT_EQ(options_.optimizer, "sgd");
  EXPECT_EQ(options_.schedule, "cosine");
  EXPECT_EQ(options_.clip, 2);
  EXPECT_EQ(options_.seed, 9U);
  EXPECT_EQ(options_.threads, 3);
  EXPECT_EQ(options_.keep, 4);
  EXPECT_EQ(options_.early_stop, 5);
  EXPECT_FALSE(options_.bf16);
  EXPECT_EQ(options_.losses, (LossWeights{{"mse", 0.2}, {"ms-ssim", 0.8}}));
  EXPECT_EQ(options_.warmup, RunSettings().warmup) << "what is missing has its default";
}

TEST_F(RecipeRun, SaysForOnePartWhatDiffers) {
  ASSERT_TRUE(Apply(kTraining, "inter").ok());
  EXPECT_EQ(options_.steps, 3600);
  EXPECT_EQ(options_.crop, 192);
}

TEST_F(RecipeRun, OptionsOfTheFamilyStandBehindThoseOfTheCommandLine) {
  ASSERT_TRUE(Apply(kTraining, "inter").ok());
  const TrainFamily& family = **FindTrainFamily("transform");
  const auto parsed = ParseFamilyOptions(family.train_options, options_.family_words);
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  const auto& options = static_cast<const hyperprior::TrainingOptions&>(**parsed);
  EXPECT_EQ(options.hyper_keep, 0.75);
  EXPECT_TRUE(options.rate_only);
  EXPECT_FALSE(options.free_synthesis);
}

TEST_F(RecipeRun, OfTodayMeansTheDefaults) {
  options_.arch = std::string(FURL_SOURCE_DIR) + "/recipes/transform_s.json";
  ASSERT_TRUE(ApplyRecipe(&options_).ok());
  EXPECT_EQ(options_.batch, 16);
  EXPECT_EQ(options_.optimizer, "adamw");
  EXPECT_EQ(options_.schedule, "decay");
  EXPECT_TRUE(options_.losses.empty());
  EXPECT_TRUE(options_.family_words.empty());
}

TEST_F(RecipeRun, MistakesAreNamedWithTheirFile) {
  ExpectRefused(R"("training": {"stepz": 1})", "stepz");
  ExpectRefused(R"("trainings": {})", "trainings");
  ExpectRefused(R"("training": {"steps": "many"})", "steps");
  ExpectRefused(R"("training": {"steps": 1.5})", "steps");
  ExpectRefused(R"("training": {"seed": -1})", "seed");
  ExpectRefused(R"("training": {"bf16": 1})", "bf16");
  ExpectRefused(R"("training": {"losses": {"mse": "x"}})", "losses");
  ExpectRefused(R"("training": {"losses": {"msee": 1}})", "msee");
  ExpectRefused(R"("training": {"optimizer": "adam2"})", "adam2");
  ExpectRefused(R"("training": {"schedule": "plateau"})", "plateau");
  ExpectRefused(R"("training": {"crop": 100})", "crop");
  ExpectRefused(R"("training": {"batch": 0})", "batch");
  ExpectRefused(R"("training": {"parts": {"outer": {}}})", "outer");
  ExpectRefused(R"("training": {"parts": {"inter": {"stepz": 1}}})", "stepz");
  ExpectRefused(R"("training": {"options": {"x": []}})", "x");
  ExpectRefused(R"("training": [])", "training");
  ExpectRefused(R"("training": {"noise": 100})", "noise");
}

TEST_F(RecipeRun, SaysWhatHappensToPictures) {
  ASSERT_TRUE(Apply(R"("training": {"mirror": false, "noise": 0, "sequence": 5})").ok());
  EXPECT_FALSE(options_.mirror);
  EXPECT_EQ(options_.noise, 0);
  EXPECT_EQ(options_.sequence, 5);
  EXPECT_TRUE(options_.transpose);
}

TEST_F(RecipeRun, SaysHowClipsBecomePictures) {
  ASSERT_TRUE(Apply(R"("preparation": {"sequence": 8, "every": 2, "least-scale": 0.6})").ok());
  Preparation preparation;
  const Status status = ApplyPreparation(path_, &preparation);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(preparation.sequence, 8);
  EXPECT_EQ(preparation.every, 2);
  EXPECT_EQ(preparation.least_scale, 0.6);
  EXPECT_EQ(preparation.versions, 2);
  ASSERT_TRUE(Apply(R"("preparation": {"sequences": 8})").ok());
  const Status unknown = ApplyPreparation(path_, &preparation);
  EXPECT_NE(unknown.message().find("sequences"), std::string::npos) << unknown.message();
  EXPECT_NE(unknown.message().find(path_), std::string::npos) << unknown.message();
}

}  // namespace
}  // namespace furl::train
