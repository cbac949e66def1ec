// The command line of furl-train-detect.

#ifndef FURL_TRAIN_DETECT_DETECT_COMMANDS_H_
#define FURL_TRAIN_DETECT_DETECT_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <functional>

#include "base/status.h"

namespace furl::train {

// Names and describes the program and adds all its subcommands. Parsing sets `action`, which must
// outlive `app`, to what runs the chosen one.
void AddDetectCommands(CLI::App* app, std::function<Status()>* action);

}  // namespace furl::train

#endif  // FURL_TRAIN_DETECT_DETECT_COMMANDS_H_
