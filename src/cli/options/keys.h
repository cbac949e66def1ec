// Keys and passphrases of sealed files (docs/encryption.md), of every command that reads or makes
// them. None is ever taken from the command line, which others can see.

#ifndef FURL_CLI_OPTIONS_KEYS_H_
#define FURL_CLI_OPTIONS_KEYS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/console.h"
#include "seal/secret.h"

namespace furl::cli {

struct KeyOptions {
  std::string key_file;
  std::string passphrase_file;

  bool given() const { return !key_file.empty() || !passphrase_file.empty(); }
};

// --key-file and --passphrase-file.
void AddKeys(CLI::App* app, KeyOptions* options);

// Reads the key or passphrase that the options, else FURL_PASSPHRASE, name, and opens sealed inputs
// with it from now on. Asks on the terminal where there is none and one of `inputs` needs a
// passphrase. Before the sandbox, in which no other file can be read.
Status TakeInputKey(const KeyOptions& options, const std::vector<std::string>& inputs,
                    Console& console);

// The same for an output that is to be sealed, and for inputs as well; asks twice where nothing
// names a key. kInvalidArgument without a terminal to ask on.
Result<seal::SecretPtr> TakeOutputKey(const KeyOptions& options);

}  // namespace furl::cli

#endif  // FURL_CLI_OPTIONS_KEYS_H_
