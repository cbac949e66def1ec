// Work in a process of its own: what it takes away from itself (cli/sandbox_use.h), and a crash,
// concern nothing else.

#ifndef FURL_CLI_RUN_APART_H_
#define FURL_CLI_RUN_APART_H_

#include "cli/commands.h"

namespace furl::cli {

// Runs `run` in a copy of this process, which must have no threads, and waits for it. It says what
// it has to say on the same console; its status and details come back. kInternal where it ends
// without one, kCancelled after Ctrl-C, of which it gets to know.
Status RunApart(const RunFn& run, Console& console, Details* details);

}  // namespace furl::cli

#endif  // FURL_CLI_RUN_APART_H_
