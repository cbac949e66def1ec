#include "cli/tool.h"

#include <sstream>

#include "cli/options/model_key.h"

namespace furl::cli {
namespace {

// All subcommands, in the order of --help.
constexpr Command kCommands[] = {
    {"encode", "make a small file from any video", AddEncode},
    {"enhance", "add to a video of H.264, H.265 or AV1", AddEnhance},
    {"plan", "cut an encode into chunks for many machines", AddPlan},
    {"join", "make one file of the chunks of a plan", AddJoin},
    {"live", "stream what arrives, as HLS", AddLive},
    {"record", "record cameras, and what happens", AddRecord},
    {"package", "make a folder for streaming, of any video", AddPackage},
    {"decode", "turn a furl file back into ordinary video", AddDecode},
    {"play", "show a furl file in a player", AddPlay},
    {"info", "show what a furl file holds", AddInfo},
    {"inspect", "show where the bits of a furl file go", AddInspect},
    {"verify", "check every frame of a furl file", AddVerify},
    {"compare", "measure how close two videos are", AddCompare},
    {"eval", "measure furl beside other encoders", AddEval},
    {"models", "list the models that can be used", AddModels},
    {"index", "note what videos look like, for search", AddIndex},
    {"search", "find videos that are like another one", AddSearch},
    {"detect", "tell what is in a video and what happens", AddDetect},
    {"serve", "put a folder of videos on the network", AddServe},
};

constexpr char kFooter[] = R"(Examples:
  furl encode holiday.mp4 -o holiday.mkv        small file, sound and subtitles kept
  furl encode holiday.mp4 -o h.mkv --crf 24     better quality, larger
  furl decode holiday.mkv -o back.mp4           plays everywhere again
  furl info holiday.mkv
  furl help COMMAND                             all options, with examples

Exit codes: 0 done, 1 failure, 2 wrong usage, 3 damaged or unreadable input,
4 unsupported (feature, version, model), 5 limit exceeded, 6 verification
failed, 8 input/output error or full disk, 130 interrupted.)";

// Lists commands by their summaries; the descriptions, which CLI11 would take, fill pages.
class BriefCommands : public CLI::Formatter {
 public:
  std::string make_subcommand(const CLI::App* sub) const override {
    std::ostringstream line;
    CLI::detail::format_help(line, sub->get_name(), CommandSummaries()[sub->get_name()],
                             column_width_);
    return line.str();
  }
};

void AddGlobal(CLI::App* app, GlobalOptions* options) {
  app->add_flag("--json", options->json,
                "One JSON object per line on standard output (docs/cli.md); the last says "
                "success or failure");
  CLI::Option* quiet = app->add_flag("-q,--quiet", options->quiet, "Only errors; no progress");
  app->add_flag("-v,--verbose", options->verbose, "Details, and what the libraries say")
      ->excludes(quiet);
  if (app->get_option_no_throw("--model") != nullptr) AddModelKey(app, &options->model_key);
}

}  // namespace

std::unique_ptr<Tool> MakeTool() {
  auto tool = std::make_unique<Tool>();
  CLI::App& app = tool->app;
  app.name("furl");
  app.description("furl: a learned video codec. Video in, small file out, and back.");
  app.set_version_flag("--version", "furl " FURL_VERSION);
  app.footer(kFooter);
  app.require_subcommand(1);
  for (const Command& command : kCommands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    tool->runs.emplace_back(sub, command.add(sub));
    AddGlobal(sub, &tool->global);
  }
  app.formatter(std::make_shared<BriefCommands>());  // commands keep theirs
  return tool;
}

std::vector<std::string> CommandNames() {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  return names;
}

std::map<std::string, std::string> CommandSummaries() {
  std::map<std::string, std::string> summaries;
  for (const Command& command : kCommands) summaries[command.name] = command.summary;
  return summaries;
}

}  // namespace furl::cli
