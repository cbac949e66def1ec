#include "train/commands/cmd_train.h"

#include <CLI/CLI.hpp>
#include <string>

#include "train/loop/recipe_run.h"

namespace furl::train {
namespace {

template <typename T>
void AddSetting(CLI::App* app, const std::string& name, T RunSettings::*member, const char* help,
                TrainCommand* command) {
  const auto set = [command, member](const T& value) {
    command->overrides.push_back([=](RunSettings& settings) { settings.*member = value; });
  };
  app->add_option_function<T>("--" + name, set, help);
}

void AddSetting(CLI::App* app, const std::string& name, LossWeights RunSettings::*member,
                const char* help, TrainCommand* command) {
  const auto set = [command, member, name](const std::string& text) {
    const Result<LossWeights> weights = ParseLossWeights(text);
    if (!weights.ok()) throw CLI::ValidationError("--" + name, weights.status().message());
    command->overrides.push_back(
        [member, value = *weights](RunSettings& settings) { settings.*member = value; });
  };
  app->add_option_function<std::string>("--" + name, set, help);
}

}  // namespace

void AddTrainOptions(CLI::App* app, TrainCommand* command) {
  TrainCommand& o = *command;
  app->add_option("--arch,--recipe", o.arch,
                  "recipe, e.g. recipes/transform_s.json; options below stand above what it says")
      ->required();
  app->add_option("--cache", o.cache, "frame cache written by prepare")->required();
  app->add_option("--dumps", o.dumps,
                  "dump caches written by dump (inter), commas between; the last one leads");
  app->add_option("--run", o.run, "folder for checkpoints and log")->required();
  app->add_option("--part", o.part, "part of the model, e.g. inter; default: the family's first");
  ForEachSetting([&](const char* name, auto member, const char* help) {
    AddSetting(app, name, member, help, command);
  });
}

Status RunTrain(const TrainCommand& command) {
  TrainOptions options = command;
  FURL_RETURN_IF_ERROR(ApplyRecipe(&options));
  for (const auto& set : command.overrides) set(options);
  return Train(options);
}

}  // namespace furl::train
