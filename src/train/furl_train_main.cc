// furl-train: prepares data, trains, exports and checks models.

#include <csignal>
#include <cstdio>

#include "train/commands.h"
#include "train/stop.h"
#include "train/torch_compat.h"

int main(int argc, char** argv) {
  std::signal(SIGTERM, [](int) { furl::train::g_stop_requested = true; });
  std::signal(SIGINT, [](int) { furl::train::g_stop_requested = true; });
  furl::train::KeepFullPrecision();
  return furl::train::RunCommandLine(argc, argv);
}
