// The subcommands: options as plain structs, and functions that run them.
//
// Each command is one file with three parts: AddX describes its options to
// CLI11 (names, help, examples), the options struct holds them, RunX does the
// work and returns a status. All output goes through the Console.

#ifndef FURL_CLI_COMMANDS_H_
#define FURL_CLI_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "base/status.h"
#include "cli/console.h"
#include "session/hooks.h"

namespace furl::cli {

// What a command leaves for the last line of --json output.
using Details = nlohmann::ordered_json;

using RunFn = std::function<Status(Console& console, Details* details)>;

// One subcommand in the list of app.cc.
struct Command {
  const char* name;
  const char* summary;
  // Adds options to `app`; the result runs the command with what was parsed.
  RunFn (*add)(CLI::App* app);
};

// What `run` returns; kOutOfMemory or kInternal for what it throws.
Status RunGuarded(const RunFn& run, Console& console, Details* details);

RunFn AddEncode(CLI::App* app);
RunFn AddEnhance(CLI::App* app);
RunFn AddPlan(CLI::App* app);
RunFn AddJoin(CLI::App* app);
RunFn AddLive(CLI::App* app);
RunFn AddRecord(CLI::App* app);
RunFn AddPackage(CLI::App* app);
RunFn AddDecode(CLI::App* app);
RunFn AddPlay(CLI::App* app);
RunFn AddInfo(CLI::App* app);
RunFn AddInspect(CLI::App* app);
RunFn AddVerify(CLI::App* app);
RunFn AddCompare(CLI::App* app);
RunFn AddEval(CLI::App* app);
RunFn AddModels(CLI::App* app);
RunFn AddIndex(CLI::App* app);
RunFn AddSearch(CLI::App* app);
RunFn AddDetect(CLI::App* app);
RunFn AddServe(CLI::App* app);

// For work of src/session: notices go to `console`, Ctrl-C cancels.
session::Hooks HooksOf(Console& console);

// kInvalidArgument if `output` is the same file as `input`, or exists while
// `overwrite` is false. Commands call it before any work.
Status CheckOutput(const std::string& input, const std::string& output, bool overwrite);

// kIo unless the folder that `output` would be in is there and can be written to.
// Devices and pipes are written into, not replaced, and need none.
Status CheckFolder(const std::string& output);

}  // namespace furl::cli

#endif  // FURL_CLI_COMMANDS_H_
