// `furl-train start`, `continue` and `fork`: a run as the recipe has it, with what the command line
// says above it.

#ifndef FURL_TRAIN_COMMANDS_CMD_TRAIN_H_
#define FURL_TRAIN_COMMANDS_CMD_TRAIN_H_

#include "base/status.h"
#include "train/commands/setting_options.h"
#include "train/loop/trainer.h"

namespace furl::train {

struct TrainCommand : TrainOptions {
  Overrides<RunSettings> overrides;
};

// Adds what the three commands share. `command` outlives the parsing.
void AddTrainOptions(CLI::App* app, TrainCommand* command);

Status RunTrain(const TrainCommand& command);

}  // namespace furl::train

#endif  // FURL_TRAIN_COMMANDS_CMD_TRAIN_H_
