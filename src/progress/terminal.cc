#include "progress/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace furl {

int TerminalColumns() {
  constexpr int kUsual = 80;
  winsize size = {};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUsual;
}

}  // namespace furl
