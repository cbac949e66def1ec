#include "cli/options/ask.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/interrupt.h"

namespace furl::cli {
namespace {

constexpr char kTerminal[] = "/dev/tty";

// The terminal of the process, wherever its streams lead, without echo.
class QuietTerminal {
 public:
  QuietTerminal() : fd_(open(kTerminal, O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (fd_ < 0 || tcgetattr(fd_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ICANON | ECHONL;
    usable_ = tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (usable_) tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) close(fd_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  bool usable() const { return usable_; }
  int fd() const { return fd_; }

 private:
  int fd_;
  termios before_ = {};
  bool usable_ = false;
};

}  // namespace

Result<seal::SecretPtr> AskPassphrase(const std::string& question) {
  const QuietTerminal terminal;
  if (!terminal.usable() || write(terminal.fd(), question.data(), question.size()) !=
                                static_cast<ssize_t>(question.size())) {
    return seal::SecretPtr();
  }
  return seal::ReadPassphrase(terminal.fd(), "terminal", Interrupted);
}

}  // namespace furl::cli
