// furl-train: prepares data, trains, exports and checks models.

#include <csignal>
#include <cstdio>

#include "train/base/stop.h"
#include "train/base/torch_compat.h"
#include "train/commands/commands.h"

int main(int argc, char** argv) {
  std::signal(SIGTERM, [](int) { furl::train::g_stop_requested = true; });
  std::signal(SIGINT, [](int) { furl::train::g_stop_requested = true; });
  furl::train::KeepFullPrecision();
  return furl::train::RunCommandLine(argc, argv);
}
