// Questions on the user's terminal.

#ifndef FURL_CLI_OPTIONS_ASK_H_
#define FURL_CLI_OPTIONS_ASK_H_

#include <string>

#include "base/status.h"
#include "seal/secret.h"

namespace furl::cli {

// What is typed isn't shown. Null without a terminal; kCancelled by Ctrl-C, kInvalidArgument for an
// empty answer, kUnsupported in builds without encryption.
Result<seal::SecretPtr> AskPassphrase(const std::string& question);

}  // namespace furl::cli

#endif  // FURL_CLI_OPTIONS_ASK_H_
