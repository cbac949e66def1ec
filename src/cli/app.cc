#include "cli/app.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <new>
#include <sstream>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/options/model_key.h"
#include "cli/options/suggest.h"
#include "cli/printable.h"
#include "cli/sandbox_use.h"
#include "cli/tool.h"

namespace furl::cli {
namespace {

// All spellings of the options of the commands that are being used.
std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands()) {
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string DidYouMean(const std::string& word, const std::vector<std::string>& known) {
  const std::string nearest = Nearest(word, known);
  return nearest.empty() ? "" : "; did you mean " + nearest + "?";
}

// What CLI11 reports as something else that is missing; empty if it has it right.
std::string UsageProblem(const CLI::App& app, const std::vector<std::string>& arguments) {
  const std::vector<std::string> commands = CommandNames();
  if (!arguments.empty() && !arguments[0].starts_with('-') &&
      std::find(commands.begin(), commands.end(), arguments[0]) == commands.end()) {
    return "There is no command " + arguments[0] + DidYouMean(arguments[0], commands);
  }
  for (const std::string& rest : app.remaining(/*recurse=*/true)) {
    if (rest.size() < 2 || rest[0] != '-' || rest == "--") continue;
    const std::string meant = DidYouMean(rest.substr(0, rest.find('=')), OptionNames(app));
    return "There is no option " + rest +
           (meant.empty() ? " (a file with such a name is ./" + rest + ")" : meant);
  }
  return {};
}

// `furl help`, `furl help COMMAND` and `furl version` as the options that say the same.
std::vector<std::string> WithoutHelpWords(std::vector<std::string> arguments) {
  if (arguments.empty()) return arguments;
  if (arguments[0] == "version" && arguments.size() == 1) return {"--version"};
  if (arguments[0] != "help" || arguments.size() > 2) return arguments;
  if (arguments.size() == 1 || arguments[1] == "help" || arguments[1] == "version") {
    return {"--help"};
  }
  const std::vector<std::string> commands = CommandNames();
  const bool known = std::find(commands.begin(), commands.end(), arguments[1]) != commands.end();
  return known ? std::vector<std::string>{arguments[1], "--help"} : std::vector{arguments[1]};
}

// A command line that makes no sense, told on `err` and, with --json, as the one object on `out`.
int RefuseUsage(const CLI::App& app, const CLI::ParseError& error,
                const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  std::string problem = UsageProblem(app, arguments);
  if (problem.empty()) problem = error.what();
  err << Printable(problem) << "\nRun with --help for more information.\n";
  if (std::find(arguments.begin(), arguments.end(), "--json") == arguments.end()) return kExitUsage;
  std::ostringstream nowhere;
  Console console(out, nowhere);
  console.Configure({.json = true, .quiet = true});
  return console.Finish(InvalidArgument(problem));
}

}  // namespace

Status RunGuarded(const RunFn& run, Console& console, Details* details) {
  try {
    return run(console, details);
  } catch (const std::bad_alloc&) {
    return Status(StatusCode::kOutOfMemory, "out of memory");
  } catch (const std::exception& e) {
    return InternalError(e.what());
  }
}

session::Hooks HooksOf(Console& console) { return {console.notice(), Interrupted}; }

Status CheckOutput(const std::string& input, const std::string& output, bool overwrite) {
  struct stat in;
  struct stat out;
  if (output == "-" || output == "null" || stat(output.c_str(), &out) != 0) return OkStatus();
  if (input != "-" && stat(input.c_str(), &in) == 0 && in.st_dev == out.st_dev &&
      in.st_ino == out.st_ino) {
    return InvalidArgument("input and output are the same file: " + output);
  }
  if (!overwrite && S_ISREG(out.st_mode)) {
    return InvalidArgument(output + " exists; -y replaces it");
  }
  if (S_ISDIR(out.st_mode)) return InvalidArgument(output + " is a folder");
  return OkStatus();
}

Status CheckFolder(const std::string& output) {
  struct stat info;
  if (stat(output.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) return OkStatus();
  const std::filesystem::path folder = std::filesystem::absolute(output).parent_path();
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return IoError("there is no folder " + folder.string());
  }
  if (access(folder.c_str(), W_OK) != 0) return IoError("cannot write to " + folder.string());
  return OkStatus();
}

int RunFurl(const std::vector<std::string>& words, std::ostream& out, std::ostream& err,
            bool terminal) {
  const std::vector<std::string> arguments = WithoutHelpWords(words);
  Console console(out, err);
  const std::unique_ptr<Tool> tool = MakeTool();
  CLI::App& app = tool->app;
  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::Success& e) {
    app.exit(e, out, err);
    return kExitOk;
  } catch (const CLI::ParseError& e) {
    return RefuseUsage(app, e, arguments, out, err);
  }
  ConsoleSettings settings;
  settings.json = tool->global.json;
  settings.quiet = tool->global.quiet;
  settings.verbose = tool->global.verbose;
  settings.terminal = terminal && !tool->global.json;
  const char* no_color = std::getenv("NO_COLOR");
  settings.color = settings.terminal && (no_color == nullptr || *no_color == '\0');
  console.Configure(settings);
  for (const auto& [sub, run] : tool->runs) {
    if (!sub->parsed()) continue;
    Details details = Details::object();
    details["command"] = sub->get_name();
    Status status = TakeModelKey(tool->global.model_key);
    if (status.ok()) status = ExplainRefusal(RunGuarded(run, console, &details));
    return console.Finish(status, details);
  }
  return kExitUsage;
}

}  // namespace furl::cli
