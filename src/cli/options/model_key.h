// --model-key, of every command that loads models.

#ifndef FURL_CLI_OPTIONS_MODEL_KEY_H_
#define FURL_CLI_OPTIONS_MODEL_KEY_H_

#include <CLI/CLI.hpp>
#include <string>

#include "base/status.h"

namespace furl::cli {

// Adds the option: a public key of minisign, or a file with one.
void AddModelKey(CLI::App* app, std::string* key);

// Requires signatures of models if `key` or, where that is empty, FURL_MODEL_KEY names a key;
// programs that are started later see the same one there. kInvalidArgument, kIo.
Status TakeModelKey(const std::string& key);

}  // namespace furl::cli

#endif  // FURL_CLI_OPTIONS_MODEL_KEY_H_
