// furl-train-detect: trains the network of furl detect on labelled clips (docs/detect.md,
// "Training").

#include <csignal>
#include <cstdio>

#include "train/base/stop.h"
#include "train/detect/detect_commands.h"

int main(int argc, char** argv) {
  CLI::App app;
  std::function<furl::Status()> action;
  furl::train::AddDetectCommands(&app, &action);
  CLI11_PARSE(app, argc, argv);
  for (const int number : {SIGINT, SIGTERM}) {
    std::signal(number, [](int) { furl::train::g_stop_requested = true; });
  }
  const furl::Status status = action();
  if (!status.ok()) std::fprintf(stderr, "furl-train-detect: %s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
