#include "train/detect/detect_commands.h"

#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/file.h"
#include "base/sha256.h"
#include "train/base/stop.h"
#include "train/detect/average_precision.h"
#include "train/detect/detect_trainer.h"
#include "train/detect/detection_files.h"
#include "train/export/export.h"
#include "train/network/checkpoint.h"

namespace furl::train {
namespace {

constexpr double kSure = 0.5;  // scores of labels that are learnt from

struct Options {
  std::string clips;
  std::string labels;
  std::string scenes;
  std::string recipe = "recipes/detect_s.json";
  std::string codec_recipe = "recipes/transform_s.json";
  std::string codec_checkpoint = "models/checkpoints/transform-s-intra.safetensors";
  std::string codec_model = "models/default.furlmodel";
  std::string checkpoint;
  std::string output;
  std::string card;
  bool pictures = false;
  int threads = 2;
  std::vector<int> qps = {28};
  std::vector<std::string> detections;
  DetectTraining training;
};

Status Prepare(const Options& options) {
  FURL_ASSIGN_OR_RETURN(const Labels labels, ReadLabels(options.labels, kSure));
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr model, model::LoadModel(options.codec_model));
  int done = 0;
  FURL_ASSIGN_OR_RETURN(
      const auto scenes,
      CodeScenes(options.clips, labels, model, options.threads, [&](const std::string& clip) {
        std::fprintf(stderr, "%d of %zu: %s\n", ++done, labels.size(), clip.c_str());
      }));
  return SaveScenes(scenes, options.scenes);
}

// All that a network needs beside its weights.
struct Setup {
  Architecture arch;
  std::unique_ptr<CodecTransform> codec;
  ParamStore params{torch::Device("cpu")};
  std::unique_ptr<DetectNet> net;
};

Result<std::unique_ptr<Setup>> SetUp(const Options& options) {
  torch::set_num_threads(options.threads);
  auto setup = std::make_unique<Setup>();
  FURL_ASSIGN_OR_RETURN(setup->arch, ReadArchitecture(options.recipe));
  FURL_ASSIGN_OR_RETURN(setup->codec,
                        CodecTransform::Read(options.codec_recipe, options.codec_checkpoint));
  setup->net = std::make_unique<DetectNet>(setup->arch, *setup->codec,
                                           options.pictures ? Sight::kPictures : Sight::kLatents,
                                           options.training.seed, &setup->params);
  return setup;
}

Result<std::vector<Scene>> ScenesOf(const Options& options) {
  FURL_ASSIGN_OR_RETURN(const Labels labels, ReadLabels(options.labels, kSure));
  return LoadScenes(options.scenes, labels);
}

Status RunTraining(const Options& options) {
  FURL_ASSIGN_OR_RETURN(const auto scenes, ScenesOf(options));
  FURL_ASSIGN_OR_RETURN(const auto setup, SetUp(options));
  return TrainDetector(options.training, scenes, *setup->net, options.checkpoint, &setup->params);
}

Status Evaluate(const Options& options) {
  FURL_ASSIGN_OR_RETURN(const auto scenes, ScenesOf(options));
  FURL_ASSIGN_OR_RETURN(const auto setup, SetUp(options));
  FURL_ASSIGN_OR_RETURN(const TensorFile file, ReadTensorFile(options.checkpoint));
  FURL_RETURN_IF_ERROR(LoadParams(file, "ema.", {}, setup->params));
  std::vector<const Scene*> all;
  for (const Scene& scene : scenes) all.push_back(&scene);
  for (const int qp : options.qps) {
    std::printf("qp %d: %s\n", qp,
                Describe(PrecisionOf(*setup->net, setup->params, all, qp)).c_str());
  }
  return OkStatus();
}

Status Score(const Options& options) {
  FURL_ASSIGN_OR_RETURN(const Labels labels, ReadLabels(options.labels, kSure));
  FURL_ASSIGN_OR_RETURN(const auto frames, ReadDetections(options.detections, labels));
  std::printf("%zu frames: %s\n", frames.size(), Describe(PrecisionOf(frames)).c_str());
  return OkStatus();
}

Status Export(const Options& options) {
  FURL_ASSIGN_OR_RETURN(const auto setup, SetUp(options));
  FURL_ASSIGN_OR_RETURN(const TensorFile file, ReadTensorFile(options.checkpoint));
  FURL_RETURN_IF_ERROR(LoadParams(file, "ema.", {}, setup->params));
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr codec, model::LoadModel(options.codec_model));
  ExportContent content{
      setup->arch, QuantizeGraphs(setup->arch, "detect", setup->params), {}, "{}"};
  const std::vector<uint8_t> id(codec->id().begin(), codec->id().end());
  content.tables["latents_of"] = RawTensor::Of("U8", {static_cast<int64_t>(id.size())}, id);
  if (!options.card.empty()) {
    FURL_ASSIGN_OR_RETURN(const std::vector<uint8_t> card, ReadFile(options.card, 1 << 20));
    content.card.assign(card.begin(), card.end());
  }
  return ExportModel(options.output, content);
}

void AddNetwork(CLI::App* app, Options* o) {
  app->add_option("--recipe", o->recipe, "The network")->capture_default_str();
  app->add_option("--codec-recipe", o->codec_recipe)->capture_default_str();
  app->add_option("--codec-checkpoint", o->codec_checkpoint, "The transform of key frames")
      ->capture_default_str();
  app->add_option("--checkpoint", o->checkpoint, "Weights and state of the training")->required();
  app->add_flag("--pictures", o->pictures, "Look at decoded pictures, not at latents");
  app->add_option("--threads", o->threads)->capture_default_str();
}

void AddScenes(CLI::App* app, Options* o) {
  app->add_option("--scenes", o->scenes, "File of `prepare`")->required();
  app->add_option("--labels", o->labels, "Lines of JSON")->required();
}

void AddTraining(CLI::App* app, DetectTraining* t) {
  app->add_option("--steps", t->steps)->capture_default_str();
  app->add_option("--rate", t->rate, "Of AdamW")->capture_default_str();
  app->add_option("--decay", t->decay, "Of weights")->capture_default_str();
  app->add_option("--batch", t->canvases.batch, "Canvases")->capture_default_str();
  app->add_option("--side", t->canvases.side, "Of a canvas, a multiple of 128")
      ->check(CLI::Range(128, 1024))
      ->capture_default_str();
  app->add_option("--held-out", t->held_out, "Every so many clips are only looked at")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  app->add_option("--look-every", t->look_every, "Steps")->capture_default_str();
  app->add_option("--seed", t->seed)->capture_default_str();
}

}  // namespace

void AddDetectCommands(CLI::App* app, std::function<Status()>* action) {
  auto options = std::make_shared<Options>();
  Options& o = *options;
  const auto runs = [action, options](CLI::App* command, Status (*run)(const Options&)) {
    command->callback([=] { *action = [=] { return run(*options); }; });
  };
  app->name("furl-train-detect");
  app->description("Trains the network of furl detect: docs/detect.md, \"Training\".");
  app->require_subcommand(1);
  CLI::App* prepare = app->add_subcommand("prepare", "Codes labelled clips");
  prepare->add_option("--clips", o.clips, "Folder")->required();
  prepare->add_option("--codec-model", o.codec_model)->capture_default_str();
  prepare->add_option("--threads", o.threads)->capture_default_str();
  AddScenes(prepare, &o);
  runs(prepare, Prepare);
  CLI::App* train = app->add_subcommand("train", "Trains, or goes on training");
  AddScenes(train, &o);
  AddNetwork(train, &o);
  AddTraining(train, &o.training);
  runs(train, RunTraining);
  CLI::App* evaluate = app->add_subcommand("evaluate", "Average precision");
  AddScenes(evaluate, &o);
  AddNetwork(evaluate, &o);
  evaluate->add_option("--qp", o.qps, "As coarsely as key frames of these")->capture_default_str();
  runs(evaluate, Evaluate);
  CLI::App* score = app->add_subcommand("score", "Average precision of what furl detect found");
  score->add_option("detections", o.detections, "Of furl detect --json, named CLIP.ndjson")
      ->required();
  score->add_option("--labels", o.labels, "Lines of JSON")->required();
  runs(score, Score);
  CLI::App* to_model = app->add_subcommand("export", "Writes the model file");
  AddNetwork(to_model, &o);
  to_model->add_option("--codec-model", o.codec_model, "Whose latents it knows")
      ->capture_default_str();
  to_model->add_option("--card", o.card, "JSON file");
  to_model->add_option("--output", o.output)->required();
  runs(to_model, Export);
}

}  // namespace furl::train
