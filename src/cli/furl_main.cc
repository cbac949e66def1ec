// The furl command-line tool.

#include <poll.h>
#include <unistd.h>

#include <iostream>

#include "cli/app.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/lack_of_memory.h"
#include "cli/sandbox_use.h"

namespace {

// A reader that went away (`| head`) has what it wanted.
bool ReaderIsGone() {
  pollfd output = {STDOUT_FILENO, POLLOUT, 0};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

}  // namespace

int main(int argc, char** argv) {
  furl::cli::InstallInterruptHandlers();
  furl::cli::InstallLackOfMemoryHandler();
  furl::cli::MayLockProcess();
  const int code = furl::cli::RunFurl(std::vector<std::string>(argv + 1, argv + argc), std::cout,
                                      std::cerr, isatty(STDERR_FILENO) != 0);
  std::cout.flush();
  if (code != furl::cli::kExitOk || std::cout.good() || ReaderIsGone()) return code;
  std::cerr << "furl: error: standard output can't be written\n";
  return furl::cli::kExitIo;
}
