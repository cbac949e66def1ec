// furl info --command: the command that makes a file again.

#ifndef FURL_CLI_INFO_RECIPE_H_
#define FURL_CLI_INFO_RECIPE_H_

#include <string>

#include "base/status.h"
#include "cli/console.h"

namespace furl::cli {

// Prints it as a line for a shell, of options that this build knows and takes, and says which furl
// and model it was. kUnsupported where the file doesn't tell, kInvalidStream where what it tells is
// no such command. `model` is as --model of furl info has it.
Status ShowEncodeCommand(const std::string& path, const std::string& model, Console& console);

}  // namespace furl::cli

#endif  // FURL_CLI_INFO_RECIPE_H_
