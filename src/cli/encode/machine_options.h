// The options that say how a command that codes is run here, whatever it makes.

#ifndef FURL_CLI_ENCODE_MACHINE_OPTIONS_H_
#define FURL_CLI_ENCODE_MACHINE_OPTIONS_H_

#include <CLI/CLI.hpp>

#include "cli/encode/encode_options.h"

namespace furl::cli {

// --threads and --no-sandbox.
void AddMachine(CLI::App* app, EncodeOptions* o);
// --encrypt and what keys are read from.
void AddEncryption(CLI::App* app, EncodeOptions* o);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_MACHINE_OPTIONS_H_
