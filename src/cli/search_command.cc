// furl search: videos of an index that are like a query, or like each other.

#include <fmt/format.h>

#include <utility>

#include "cli/commands.h"
#include "cli/options/keys.h"
#include "cli/options/max_memory.h"
#include "cli/options/option_use.h"
#include "cli/options/parse.h"
#include "cli/sandbox_use.h"
#include "session/search/search_run.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Finds what is like a video in an index that furl index made: the same video
encoded again, scaled, cropped, mirrored, with other colours, a part of it, and
what else looks and moves like it. The query may be any video, a part of one or a
picture, and need not be in the index.)";

constexpr char kFooter[] = R"(Examples:
  furl search --db videos.db clip.mp4                  what is like this
  furl search --db videos.db film.mkv --at 12:34       like this second of it
  furl search --db videos.db photo.jpg --html page.html
  furl search --db videos.db --duplicates              what is there more than once)";

struct SearchCommandOptions {
  std::string store;
  session::Query query;
  session::ShotOptions shots;
  std::string start, duration, at;
  bool duplicates = false;
  double least = 0.9;
  std::string html;
  bool overwrite = false;
  KeyOptions keys;
  bool sandbox = true;
};

Status ReadPart(const SearchCommandOptions& options, session::VideoPart* part) {
  if (!options.at.empty()) {
    FURL_ASSIGN_OR_RETURN(part->start, ParseTime(options.at));
    part->duration = 1;
  }
  if (!options.start.empty()) {
    FURL_ASSIGN_OR_RETURN(part->start, ParseTime(options.start));
  }
  if (!options.duration.empty()) {
    FURL_ASSIGN_OR_RETURN(part->duration, ParseTime(options.duration));
    if (part->duration <= 0) return InvalidArgument("--duration must be above 0");
  }
  return OkStatus();
}

void ShowMatches(const session::SearchResult& result, Console& console) {
  for (const session::Match& match : result.matches) {
    console.Json({{"type", "match"},
                  {"path", match.path},
                  {"similarity", match.similarity},
                  {"begin", match.begin},
                  {"end", match.end},
                  {"query_begin", match.query_begin}});
    console.Print(fmt::format("{:5.1f} %  {:>9}  {}\n", 100 * match.similarity,
                              HumanTime(match.begin), match.path));
  }
}

Status SearchLike(const SearchCommandOptions& options, const session::Query& query,
                  session::SearchRun* run, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(const session::SearchResult result, run->Search(query));
  ShowMatches(result, console);
  details->update({{"matches", result.matches.size()},
                   {"query_shots", result.pictures.size()},
                   {"read_seconds", result.read_seconds},
                   {"scan_seconds", result.scan_seconds}});
  console.Say(
      fmt::format("{} shots of {} videos; the query has {}, looked at in {:.2f} s, "
                  "compared in {:.1f} ms",
                  run->shots(), run->files(), result.pictures.size(), result.read_seconds,
                  1000 * result.scan_seconds));
  if (options.html.empty()) return OkStatus();
  FURL_RETURN_IF_ERROR(WriteSearchPage(options.html, query, result));
  (*details)["html"] = {{"path", options.html}};
  return OkStatus();
}

Status ShowDuplicates(double least, session::SearchRun* run, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(const auto pairs, run->Duplicates(least));
  for (const session::DuplicatePair& pair : pairs) {
    console.Json({{"type", "duplicate"},
                  {"first", pair.first},
                  {"second", pair.second},
                  {"similarity", pair.similarity}});
    console.Print(fmt::format("{:5.1f} %  {}\n         {}\n", 100 * pair.similarity, pair.first,
                              pair.second));
  }
  (*details)["pairs"] = pairs.size();
  console.Say(fmt::format("{} pairs among {} videos", pairs.size(), run->files()));
  return OkStatus();
}

Status Search(const SearchCommandOptions& options, Console& console, Details* details) {
  session::Query query = options.query;
  FURL_RETURN_IF_ERROR(ReadPart(options, &query.part));
  if (!options.html.empty()) {
    if (options.html == "-") return InvalidArgument("--html needs the name of a file");
    FURL_RETURN_IF_ERROR(CheckFolder(options.html));
    FURL_RETURN_IF_ERROR(CheckOutput(query.path, options.html, options.overwrite));
    FURL_RETURN_IF_ERROR(CheckOutput(options.store, options.html, options.overwrite));
  }
  SandboxNeeds needs;
  needs.wanted = options.sandbox;
  needs.inputs = {options.store};
  if (!query.path.empty()) needs.inputs.push_back(query.path);
  needs.model = options.shots.model;
  needs.outputs = {{options.html, options.overwrite}};
  needs.ordinary = true;
  FURL_RETURN_IF_ERROR(TakeInputKey(options.keys, {query.path}, console));
  const auto broker = EnterSandbox(needs, console);
  session::ShotOptions shots = options.shots;
  shots.hooks = HooksOf(console);
  FURL_ASSIGN_OR_RETURN(const auto run, session::SearchRun::Open(options.store, shots));
  if (options.duplicates) return ShowDuplicates(options.least, run.get(), console, details);
  return SearchLike(options, query, run.get(), console, details);
}

// What goes with a query and what with --duplicates.
Status CheckUse(const CLI::App& app, const SearchCommandOptions& options) {
  if (options.duplicates) {
    return RefuseOptions(app, {"query", "--start", "--duration", "--at", "--top", "--html"},
                         "does not go with --duplicates");
  }
  if (options.query.path.empty()) return InvalidArgument("a query is missing, or --duplicates");
  FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--least"}, "needs --duplicates"));
  if (options.html.empty())
    FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--overwrite"}, "needs --html"));
  if (!options.at.empty()) {
    return RefuseOptions(app, {"--start", "--duration"}, "does not go with --at");
  }
  return OkStatus();
}

}  // namespace

RunFn AddSearch(CLI::App* app) {
  auto options = std::make_shared<SearchCommandOptions>();
  SearchCommandOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("query", o->query.path, "A video or a picture");
  app->add_option("--db", o->store, "The index that furl index made")->required();
  app->add_option("--start", o->start, "The part of the query from here on; as 90 or 1:30");
  app->add_option("--duration", o->duration, "And so long");
  app->add_option("--at", o->at, "The second of the query that begins here");
  app->add_option("--top", o->query.most, "Videos to show, at most")
      ->check(WholeNumber(1, 1000000))
      ->capture_default_str();
  app->add_flag("--duplicates", o->duplicates, "Instead of a query: videos that are alike");
  app->add_option("--least", o->least, "With --duplicates: how much alike, from 0 to 1")
      ->check(Number(0, 1))
      ->capture_default_str();
  app->add_option("--html", o->html, "Write a page with pictures here");
  app->add_flag("-y,--overwrite", o->overwrite, "Replace an existing page");
  app->add_option("--threads", o->shots.threads, "0: one per CPU")->check(WholeNumber(0, 1024));
  AddMaxMemory(app, &o->shots.max_memory);
  app->add_option("--model", o->shots.model, "Model file, or folder with models");
  AddKeys(app, &o->keys);
  AddNoSandbox(app, &o->sandbox);
  return [app, options](Console& console, Details* details) {
    FURL_RETURN_IF_ERROR(CheckUse(*app, *options));
    return Search(*options, console, details);
  };
}

}  // namespace furl::cli
