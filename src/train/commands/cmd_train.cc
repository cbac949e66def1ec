#include "train/commands/cmd_train.h"

#include "train/loop/recipe_run.h"

namespace furl::train {
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
  app->add_option("--processes", o.processes,
                  "that train together; without: as mpirun or srun says, else one");
  app->add_option("--rank", o.rank, "of this one, from 0");
  app->add_option("--meet", o.meet,
                  "where they find each other: HOST:PORT, or a file that is not there yet");
  ForEachSetting([&](const char* name, auto member, const char* help) {
    AddSettingOption(app, name, member, help, &command->overrides);
  });
}

Status RunTrain(const TrainCommand& command) {
  TrainOptions options = command;
  FURL_RETURN_IF_ERROR(ApplyRecipe(&options));
  for (const auto& set : command.overrides) set(options);
  return Train(options);
}

}  // namespace furl::train
