// Ctrl-C: the first asks the running command to stop and clean up, the second
// ends the process at once, temporary files removed.

#ifndef FURL_CLI_INTERRUPT_H_
#define FURL_CLI_INTERRUPT_H_

namespace furl::cli {

// Installs the handlers of SIGINT and SIGTERM; a broken pipe becomes a failed
// write. System calls are interrupted, so that blocking reads notice.
void InstallInterruptHandlers();

// Whether a stop was asked for.
bool Interrupted();

}  // namespace furl::cli

#endif  // FURL_CLI_INTERRUPT_H_
