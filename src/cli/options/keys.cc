#include "cli/options/keys.h"

#include <algorithm>
#include <cstdlib>

#include "cli/options/ask.h"
#include "media/byte_input.h"

namespace furl::cli {
namespace {

constexpr char kVariable[] = "FURL_PASSPHRASE";

bool NeedsPassphrase(const std::string& path) {
  const auto header = media::SealOf(path);
  return header && header->kind == seal::SecretKind::kPassphrase;
}

// Null where nothing names one. Programs that are started later don't get to see the variable.
Result<seal::SecretPtr> NamedSecret(const KeyOptions& options) {
  const char* variable = std::getenv(kVariable);
  const std::string_view passphrase = variable != nullptr ? variable : "";
  if (!options.key_file.empty()) return seal::ReadKeyFile(options.key_file);
  if (!options.passphrase_file.empty()) return seal::ReadPassphraseFile(options.passphrase_file);
  if (passphrase.empty()) return seal::SecretPtr();
  auto secret = seal::PassphraseOf(passphrase);
  unsetenv(kVariable);
  return secret;
}

}  // namespace

void AddKeys(CLI::App* app, KeyOptions* options) {
  const char* group = "Encrypted files (docs/encryption.md)";
  CLI::Option* key =
      app->add_option("--key-file", options->key_file, "Their key: a file of 32 random bytes")
          ->group(group);
  app->add_option("--passphrase-file", options->passphrase_file,
                  "Their passphrase: the first line of this file. Else the variable "
                  "FURL_PASSPHRASE, or the terminal is asked")
      ->excludes(key)
      ->group(group);
}

Status TakeInputKey(const KeyOptions& options, const std::vector<std::string>& inputs,
                    Console& console) {
  FURL_ASSIGN_OR_RETURN(seal::SecretPtr secret, NamedSecret(options));
  if (secret == nullptr && std::ranges::any_of(inputs, NeedsPassphrase)) {
    FURL_ASSIGN_OR_RETURN(secret, AskPassphrase("Passphrase: "));
  }
  for (const std::string& input : inputs) {
    if (options.given() && media::IsPlainFile(input)) {
      console.Notice(input + " is not encrypted: anybody could have changed it");
    }
  }
  media::SetInputSecret(std::move(secret));
  return OkStatus();
}

Result<seal::SecretPtr> TakeOutputKey(const KeyOptions& options) {
  FURL_ASSIGN_OR_RETURN(seal::SecretPtr secret, NamedSecret(options));
  if (secret == nullptr) {
    FURL_ASSIGN_OR_RETURN(secret, AskPassphrase("Passphrase to encrypt with: "));
    if (secret == nullptr) {
      return InvalidArgument(
          "--encrypt needs --key-file, --passphrase-file, FURL_PASSPHRASE or a "
          "terminal to ask on");
    }
    FURL_ASSIGN_OR_RETURN(const seal::SecretPtr again, AskPassphrase("The same again: "));
    if (again == nullptr || !seal::SameSecret(*secret, *again)) {
      return InvalidArgument("the two passphrases differ");
    }
  }
  media::SetInputSecret(secret);
  return secret;
}

}  // namespace furl::cli
