#include "train/commands/commands.h"

#include <cstdio>
#include <memory>

#include "train/commands/cmd_train.h"
#include "train/export/parity.h"
#include "train/families/families.h"

namespace furl::train {
namespace {

// Leaves what the command doesn't know to the family: which one that is, a file says that the
// command reads.
template <typename Options>
void AddFamilyWords(CLI::App* command, AddFamilyOptions TrainFamily::*add,
                    std::shared_ptr<Options> options) {
  command->allow_extras();
  std::string help;
  for (const TrainFamily* family : TrainFamilies()) {
    help += DescribeFamilyOptions(*family, family->*add);
  }
  command->footer(help);
  command->parse_complete_callback(
      [command, options] { options->family_words = command->remaining(); });
}

// Each Add* function makes one subcommand, which sets `action` if it is chosen.
// Its options live as long as the action does.

template <typename Options>
CLI::App* AddCommand(CLI::App& app, const char* name, const char* description, Action& action,
                     Status (*run)(const Options&), std::shared_ptr<Options> options) {
  CLI::App* command = app.add_subcommand(name, description);
  command->callback([&action, run, options] { action = [run, options] { return run(*options); }; });
  return command;
}

void AddPrepare(CLI::App& app, Action& action) {
  auto o = std::make_shared<PrepareOptions>();
  auto* c = AddCommand(app, "prepare", "decode clips into a frame cache", action, RunPrepare, o);
  c->add_option("--clips", o->clips,
                "folder of videos; where it has a manifest.tsv, its columns file, source_repo and "
                "source_path choose clips and say which belong together")
      ->required();
  c->add_option("--output", o->output, "folder of the cache")->required();
  c->add_option("--recipe", o->recipe, "its \"preparation\" stands behind the options below");
  ForEachPreparation([&](const char* setting, auto member, const char* help) {
    AddSettingOption(c, setting, member, help, &o->overrides);
  });
}

CLI::App* AddTrainCommand(CLI::App& app, const char* name, const char* description, Action& action,
                          std::shared_ptr<TrainCommand> options) {
  CLI::App* command = AddCommand(app, name, description, action, RunTrain, options);
  AddTrainOptions(command, options.get());
  AddFamilyWords(command, &TrainFamily::train_options, options);
  return command;
}

void AddTrain(CLI::App& app, Action& action) {
  AddTrainCommand(app, "start", "train from what the family starts with", action,
                  std::make_shared<TrainCommand>());
  auto resume = std::make_shared<TrainCommand>();
  resume->resume = true;
  AddTrainCommand(app, "continue", "go on with the run in --run", action, resume);
  auto fork = std::make_shared<TrainCommand>();
  AddTrainCommand(app, "fork", "start a new run from a checkpoint", action, fork)
      ->add_option("--from", fork->from, "checkpoint, of any part")
      ->required();
}

void AddDump(CLI::App& app, Action& action) {
  auto o = std::make_shared<DumpOptions>();
  auto* c =
      AddCommand(app, "dump", "encode clips and record what inter frames see", action, RunDump, o);
  c->add_option("--cache", o->cache, "frame cache written by prepare")->required();
  c->add_option("--model", o->model, "model file to encode with")->required();
  c->add_option("--output", o->output, "folder of the dump cache")->required();
  c->add_option("--clips", o->clips, "clips beside the held-out ones");
  c->add_option("--frames", o->frames, "frames per clip");
  c->add_option("--threads", o->threads, "encoder threads");
  c->add_option("--seed", o->seed, "of clips, qualities and strides");
}

void AddExport(CLI::App& app, Action& action) {
  auto o = std::make_shared<ExportOptions>();
  auto* c = AddCommand(app, "export", "write a model file from checkpoints", action, RunExport, o);
  c->add_option("--arch", o->arch, "architecture")->required();
  c->add_option("--cache", o->cache, "frame cache, for the tables")->required();
  c->add_option("--dumps", o->dumps, "dump caches, for the tables of inter parts");
  c->add_option("--from", o->from,
                "checkpoint, once per part; the first stands in for missing ones")
      ->required()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  c->add_option("--output", o->output, "model file")->required();
  c->add_option("--card", o->card, "JSON file with the model card");
  c->add_option("--weights", o->weights, "ema (averaged) or model (last)");
  c->add_option("--batches", o->batches, "batches measured per part");
}

void AddCalibrate(CLI::App& app, Action& action) {
  auto o = std::make_shared<CalibrateOptions>();
  auto* c = AddCommand(app, "calibrate", "fit a model's tables to what the encoder writes", action,
                       RunCalibrate, o);
  c->add_option("--cache", o->cache, "frame cache written by prepare")->required();
  c->add_option("--model", o->model, "model file to start from")->required();
  c->add_option("--output", o->output, "model file to write")->required();
  c->add_option("--rounds", o->rounds, "encodings of all clips, each with the tables of the last");
  c->add_option("--clips", o->clips, "clips to encode");
  c->add_option("--frames", o->frames, "frames per clip");
  c->add_option("--threads", o->threads, "encoder threads");
  c->add_option("--seed", o->seed, "of clips, qualities and strides");
  AddFamilyWords(c, &TrainFamily::calibrate_options, o);
}

void AddPack(CLI::App& app, Action& action) {
  auto o = std::make_shared<PackOptions>();
  auto* c =
      AddCommand(app, "pack", "reduce a checkpoint to 16-bit averaged weights", action, RunPack, o);
  c->add_option("checkpoint", o->checkpoint, "checkpoint file")->required();
  c->add_option("output", o->output, "file to write")->required();
}

void AddCurve(CLI::App& app, Action& action) {
  auto o = std::make_shared<CurveOptions>();
  auto* c = AddCommand(app, "curve", "draw a run's log as an HTML page", action, RunCurve, o);
  c->add_option("run", o->run, "folder of the run")->required();
  c->add_option("output", o->output, "HTML file to write")->required();
}

void AddParity(CLI::App& app, Action& action) {
  auto model = std::make_shared<std::string>();
  auto* c = AddCommand(app, "parity", "compare the runtime with the simulation", action,
                       CheckParity, model);
  c->add_option("model", *model, "model file")->required();
}

}  // namespace

void AddCommands(CLI::App& app, Action& action) {
  app.name("furl-train");
  app.description("furl-train: prepares data, trains, exports and checks furl models");
  app.require_subcommand(1);
  for (const auto add :
       {AddPrepare, AddTrain, AddDump, AddExport, AddCalibrate, AddPack, AddCurve, AddParity}) {
    add(app, action);
  }
}

int RunCommandLine(int argc, char** argv) {
  CLI::App app;
  Action action;
  AddCommands(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  try {
    const Status status = action();
    if (status.ok()) return 0;
    std::fprintf(stderr, "furl-train: %s\n", status.message().c_str());
  } catch (const std::exception& e) {  // libtorch throws
    std::fprintf(stderr, "furl-train: %s\n", e.what());
  }
  return 1;
}

}  // namespace furl::train
