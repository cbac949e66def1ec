// The exit codes of the tool, the same for every subcommand.

#ifndef FURL_CLI_EXIT_CODES_H_
#define FURL_CLI_EXIT_CODES_H_

#include "base/status.h"

namespace furl::cli {

enum ExitCode {
  kExitOk = 0,
  kExitFailure = 1,      // anything without a code of its own
  kExitUsage = 2,        // the command line makes no sense
  kExitInput = 3,        // the input is damaged or unreadable
  kExitUnsupported = 4,  // a feature, version or model that is not there
  kExitLimit = 5,        // a size, memory or complexity limit
  kExitVerify = 6,       // a checksum or comparison did not match
  kExitIo = 8,           // the system refused to write or read; full disk
  kExitInterrupted = 130,
};

int ExitCodeOf(const Status& status);

// The commonest of the codes whose exit code that is; kInternal where it is none's.
StatusCode CodeOfExit(int exit_code);

}  // namespace furl::cli

#endif  // FURL_CLI_EXIT_CODES_H_
