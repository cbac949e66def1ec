#include "cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "cli/exit_codes.h"
#include "media/output_place.h"

namespace furl::cli {
namespace {

std::atomic<int> stop_requests{0};

void Handle(int) {
  if (stop_requests.fetch_add(1) == 0) return;
  media::RemoveTemporaries();
  _exit(kExitInterrupted);
}

}  // namespace

void InstallInterruptHandlers() {
  struct sigaction action = {};
  action.sa_handler = Handle;  // without SA_RESTART
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A terminal that goes away ends the work like Ctrl-C, but for nohup.
  struct sigaction before = {};
  sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  // Writing fails instead, with EPIPE and EFBIG.
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

bool Interrupted() { return stop_requests.load() != 0; }

}  // namespace furl::cli
