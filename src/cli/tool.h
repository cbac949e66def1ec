// The tool's command line: all commands and options in one CLI::App, which parses arguments, prints
// --help, and is what man pages and completions are made from.

#ifndef FURL_CLI_TOOL_H_
#define FURL_CLI_TOOL_H_

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"

namespace furl::cli {

// What all commands take.
struct GlobalOptions {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::string model_key;
};

struct Tool {
  CLI::App app;
  GlobalOptions global;
  std::vector<std::pair<CLI::App*, RunFn>> runs;  // one per command
};

std::unique_ptr<Tool> MakeTool();

// In the order of --help.
std::vector<std::string> CommandNames();
// What each command does, in some words, by its name.
std::map<std::string, std::string> CommandSummaries();

}  // namespace furl::cli

#endif  // FURL_CLI_TOOL_H_
