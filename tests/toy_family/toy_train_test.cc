// The trainer trains and exports a family that was added as HACKING.md says, and what it exports
// codes.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "codec/coding.h"
#include "model/model_file.h"
#include "support/test_video.h"
#include "toy_training.h"
#include "train/commands/commands.h"
#include "train/export/parity.h"
#include "train/loop/trainer.h"
#include "train/network/safetensors.h"

namespace furl::test {
namespace {

// The trained weights of a checkpoint.
std::vector<uint8_t> Analysis(const std::string& path) {
  return train::ReadTensorFile(path).value().tensors.at("model.all.analysis.map.weight").bytes;
}

void ExpectCodes(const model::ModelPtr& model) {
  const auto video = MakeVideo(64, 48, 8, 5);
  const CodedVideo coded = EncodeVideo(video, {.crf = 16}, model);
  const DecodedVideo decoded = DecodeVideo(coded, {}, model);
  ASSERT_EQ(decoded.frames.size(), video.size());
  for (size_t i = 0; i < video.size(); ++i) {
    EXPECT_EQ(FrameHash(*decoded.frames[i]), coded.hashes[i]) << "frame " << i;
    EXPECT_LT(MeanSquaredError(*decoded.frames[i], *video[i]), 65) << "below 30 dB";
  }
}

TEST_F(ToyTraining, TenStepsThenExportThenCoding) {
  WriteCache();
  const train::TrainOptions options = TenSteps();
  const Status trained = train::Train(options);
  ASSERT_TRUE(trained.ok()) << trained.message();
  const std::vector<double> scores = Scores(Path("run/log.jsonl"));
  ASSERT_EQ(scores.size(), 2u);
  EXPECT_LT(scores[1], scores[0] + 0.05) << "ten steps spoilt what they started from";
  EXPECT_NE(Analysis(Path("run/start.safetensors")), Analysis(Path("run/latest.safetensors")));

  train::ExportOptions to;
  to.arch = kRecipe;
  to.cache = options.cache;
  to.from = {Path("run/latest.safetensors")};
  to.output = Path("toy.furlmodel");
  const Status exported = train::RunExport(to);
  ASSERT_TRUE(exported.ok()) << exported.message();
  const Status parity = train::CheckParity(to.output);
  EXPECT_TRUE(parity.ok()) << parity.message();
  const auto model = model::LoadModel(to.output);
  ASSERT_TRUE(model.ok()) << model.status().message();
  EXPECT_EQ((*model)->family(), "toy");
  ExpectCodes(*model);
}

// Losses that the run names are minimized and logged, their critic is trained with its own
// optimizer, and a run that goes on finds all of it again.
TEST_F(ToyTraining, NamedLossesAreLoggedAndTheCriticGoesOn) {
  WriteCache();
  train::TrainOptions options = TenSteps();
  options.losses = {{"mse", 0.5}, {"ms-ssim", 0.5}, {"hinge", 0.1}};
  options.steps = 100;
  options.batch = 1;
  options.threads = 1;
  options.keep = 2;
  Status trained = train::Train(options);
  ASSERT_TRUE(trained.ok()) << trained.message();
  const auto lines = Lines(Path("run/log.jsonl"), "train");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].at("losses").size(), 3u);
  EXPECT_GT(lines[0].at("critic").get<double>(), 0);
  const auto points = Lines(Path("run/log.jsonl"), "validation")[0].at("points");
  EXPECT_GT(points[0].at("ms-ssim").get<double>(), 0);
  EXPECT_FALSE(points[0].contains("hinge")) << "validations shall compare";
  EXPECT_TRUE(std::filesystem::exists(Path("run/step-000000100.safetensors")));

  const auto critic = [&] {
    return train::ReadTensorFile(Path("run/latest.safetensors"))
        .value()
        .tensors.at("critic.model.critic.0.weight")
        .bytes;
  };
  const auto before = critic();
  options.resume = true;
  options.critic_rate = 0;
  options.steps = 101;
  trained = train::Train(options);
  ASSERT_TRUE(trained.ok()) << trained.message();
  EXPECT_EQ(critic(), before) << "a critic whose rate is 0 stays what it was";
}

TEST_F(ToyTraining, LossesThatTheFamilyLacksAreRefused) {
  WriteCache();
  train::TrainOptions options = TenSteps();
  options.losses = {{"mse", 1}, {"kl", 1}};
  const Status refused = train::Train(options);
  EXPECT_EQ(refused.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(refused.message().find("kl"), std::string::npos) << refused.message();
  options.losses = {};
  options.schedule = "stairs";
  EXPECT_EQ(train::Train(options).code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace furl::test
