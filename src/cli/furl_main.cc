// The furl command-line tool.

#include <unistd.h>

#include <iostream>

#include "cli/app.h"
#include "cli/interrupt.h"

int main(int argc, char** argv) {
  furl::cli::InstallInterruptHandlers();
  return furl::cli::RunFurl(std::vector<std::string>(argv + 1, argv + argc), std::cout, std::cerr,
                            isatty(STDERR_FILENO) != 0);
}
