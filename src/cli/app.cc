#include "cli/app.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <new>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/sandbox_use.h"

namespace furl::cli {
namespace {

// All subcommands, in the order of --help.
constexpr Command kCommands[] = {
    {"encode", "make a small file from any video", AddEncode},
    {"decode", "turn a furl file back into ordinary video", AddDecode},
    {"info", "show what a furl file holds", AddInfo},
    {"verify", "check every frame of a furl file", AddVerify},
    {"compare", "measure how close two videos are", AddCompare},
    {"eval", "measure furl beside other encoders", AddEval},
    {"models", "list the models that can be used", AddModels},
};

constexpr char kFooter[] = R"(Examples:
  furl encode holiday.mp4 -o holiday.mkv        small file, sound and subtitles kept
  furl encode holiday.mp4 -o h.mkv --crf 24     better quality, larger
  furl decode holiday.mkv -o back.mp4           plays everywhere again
  furl info holiday.mkv
  furl COMMAND --help                           all options, with examples

Exit codes: 0 done, 1 failure, 2 wrong usage, 3 damaged or unreadable input,
4 unsupported (feature, version, model), 5 limit exceeded, 6 verification
failed, 8 input/output error or full disk, 130 interrupted.)";

struct GlobalOptions {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
};

void AddGlobal(CLI::App* app, GlobalOptions* options) {
  app->add_flag("--json", options->json,
                "One JSON object per line on standard output (docs/cli.md); the last says "
                "success or failure");
  CLI::Option* quiet = app->add_flag("-q,--quiet", options->quiet, "Only errors; no progress");
  app->add_flag("-v,--verbose", options->verbose, "Details, and what the libraries say")
      ->excludes(quiet);
}

bool IsCommand(const std::string& name) {
  return std::any_of(std::begin(kCommands), std::end(kCommands),
                     [&name](const Command& command) { return name == command.name; });
}

// What CLI11 reports as something else that is missing; empty if it has it right.
std::string UsageProblem(const CLI::App& app, const std::vector<std::string>& arguments) {
  if (!arguments.empty() && !arguments[0].starts_with('-') && !IsCommand(arguments[0])) {
    return "There is no command " + arguments[0];
  }
  for (const std::string& rest : app.remaining(/*recurse=*/true)) {
    if (rest.size() < 2 || rest[0] != '-' || rest == "--") continue;
    return "There is no option " + rest + " (a file with such a name is ./" + rest + ")";
  }
  return {};
}

Status RunGuarded(const RunFn& run, Console& console, Details* details) {
  try {
    return run(console, details);
  } catch (const std::bad_alloc&) {
    return Status(StatusCode::kOutOfMemory, "out of memory");
  } catch (const std::exception& e) {
    return InternalError(e.what());
  }
}

}  // namespace

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

int RunFurl(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
            bool terminal) {
  Console console(out, err);
  CLI::App app("furl: a learned video codec. Video in, small file out, and back.", "furl");
  app.set_version_flag("--version", "furl " FURL_VERSION);
  app.footer(kFooter);
  app.require_subcommand(1);
  GlobalOptions global;
  std::vector<std::pair<CLI::App*, RunFn>> runs;
  for (const Command& command : kCommands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    runs.emplace_back(sub, command.add(sub));
    AddGlobal(sub, &global);
  }
  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::Success& e) {
    app.exit(e, out, err);
    return kExitOk;
  } catch (const CLI::ParseError& e) {
    const std::string problem = UsageProblem(app, arguments);
    if (problem.empty()) {
      app.exit(e, out, err);
    } else {
      err << problem << "\nRun with --help for more information.\n";
    }
    return kExitUsage;
  }
  ConsoleSettings settings;
  settings.json = global.json;
  settings.quiet = global.quiet;
  settings.verbose = global.verbose;
  settings.terminal = terminal && !global.json;
  const char* no_color = std::getenv("NO_COLOR");
  settings.color = settings.terminal && (no_color == nullptr || *no_color == '\0');
  console.Configure(settings);
  for (const auto& [sub, run] : runs) {
    if (!sub->parsed()) continue;
    Details details = Details::object();
    details["command"] = sub->get_name();
    const Status status = ExplainRefusal(RunGuarded(run, console, &details));
    return console.Finish(status, details);
  }
  return kExitUsage;
}

}  // namespace furl::cli
