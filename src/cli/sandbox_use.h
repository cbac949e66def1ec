// How commands lock themselves in (sandbox/sandbox.h) before they read a stranger's file, and
// --no-sandbox.

#ifndef FURL_CLI_SANDBOX_USE_H_
#define FURL_CLI_SANDBOX_USE_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/console.h"
#include "sandbox/output_broker.h"

namespace furl::cli {

// What a command reads and makes.
struct SandboxNeeds {
  bool wanted = true;                    // false: --no-sandbox
  std::vector<std::string> inputs;       // "-": standard input
  std::vector<std::string> folders;      // that are read, with all they hold
  std::string model;                     // as --model
  std::vector<sandbox::Output> outputs;  // may be none: "", "-" and "null"
  bool ordinary = false;                 // inputs may be any video, not only furl's
  bool serves = false;                   // takes connections at a socket that is open
  std::string program;                   // outside, that the command runs; empty: none
};

// Adds the option.
void AddNoSandbox(CLI::App* app, bool* wanted);

// For main: the process is this tool's alone, so that commands may lock it in. Tests that run
// commands among other things leave it free.
void MayLockProcess();

// Called by a command before it opens anything. Locks the process in as far as the machine can,
// and says with -v how far that is. Never fails: where nothing can be restricted, the command runs
// as it would without. The result must outlive all outputs.
std::unique_ptr<sandbox::OutputBroker> EnterSandbox(const SandboxNeeds& needs, Console& console);

// An error that the sandbox may have caused, with a word about that.
Status ExplainRefusal(const Status& status);

}  // namespace furl::cli

#endif  // FURL_CLI_SANDBOX_USE_H_
