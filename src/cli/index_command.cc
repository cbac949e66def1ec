// furl index: what videos look like, into a file that furl search answers from.

#include <fmt/format.h>

#include <utility>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options/keys.h"
#include "cli/options/max_memory.h"
#include "cli/options/option_use.h"
#include "cli/sandbox_use.h"
#include "session/search/index_run.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Looks at videos, whole folders of them, and notes what each of their shots looks
like and how it moves, for furl search. Of furl's own files no picture is decoded:
what is in them says it. Other videos and pictures are encoded on the fly. Files
that have not changed since are passed over.)";

constexpr char kFooter[] = R"(Examples:
  furl index ~/Videos --db videos.db            all videos in a folder
  furl index ~/Videos --db videos.db --prune    later: what is new, and without what is gone
  furl search --db videos.db clip.mp4           what is like this)";

struct IndexCommandOptions {
  session::IndexOptions index;
  bool no_pictures = false;
  KeyOptions keys;
  bool sandbox = true;
};

void Tell(const session::IndexedFile& file, Console& console) {
  nlohmann::ordered_json object = {{"type", "indexed"}, {"path", file.path}};
  object["success"] = file.status.ok();
  if (!file.status.ok()) {
    object["error"] = StatusCodeName(file.status.code());
    object["message"] = file.status.message();
    console.Json(object);
    console.Problem(file.status.message());
    return;
  }
  object.update({{"shots", file.shots},
                 {"seconds", file.seconds},
                 {"encoded", file.encoded},
                 {"damaged", file.damaged}});
  console.Json(object);
  console.Detail(fmt::format("{}: {} shots in {:.1f} s of video{}", file.path, file.shots,
                             file.seconds, file.encoded ? ", encoded on the fly" : ""));
  if (file.damaged > 0) {
    console.Problem(fmt::format("{}: {} damaged places, which the index has nothing of", file.path,
                                file.damaged));
  }
}

Status Index(const IndexCommandOptions& command, Console& console, Details* details) {
  session::IndexOptions options = command.index;
  FURL_RETURN_IF_ERROR(CheckFolder(options.store));
  SandboxNeeds needs;
  needs.wanted = command.sandbox;
  needs.inputs = options.inputs;
  needs.inputs.push_back(options.store);
  needs.model = options.shots.model;
  needs.outputs = {{options.store, true}};
  needs.ordinary = true;
  FURL_RETURN_IF_ERROR(TakeInputKey(command.keys, options.inputs, console));
  const auto broker = EnterSandbox(needs, console);
  options.pictures = !command.no_pictures;
  options.shots.hooks = HooksOf(console);
  options.shots.progress = [&](int64_t frames) {
    Progress progress;
    progress.frames = frames;
    console.Show(progress);
  };
  options.done = [&](const session::IndexedFile& file) {
    console.EndProgress();
    console.RestartProgress();
    Tell(file, console);
  };
  const Result<session::IndexOutcome> outcome = session::RunIndex(options);
  console.EndProgress();
  if (!outcome.ok()) return outcome.status();
  details->update({{"indexed", outcome->indexed},
                   {"unchanged", outcome->unchanged},
                   {"failed", outcome->failed},
                   {"removed", outcome->removed},
                   {"files", outcome->files},
                   {"shots", outcome->shots},
                   {"seconds", outcome->seconds}});
  console.Say(
      fmt::format("{}: {} files; {} looked at, with {} shots in {}; {} unchanged, {} removed",
                  options.store, outcome->files, outcome->indexed, outcome->shots,
                  HumanTime(outcome->seconds), outcome->unchanged, outcome->removed));
  if (outcome->failed == 0) return OkStatus();
  return InvalidStream(
      fmt::format("{} files could not be read; the index has the others", outcome->failed));
}

}  // namespace

RunFn AddIndex(CLI::App* app) {
  auto options = std::make_shared<IndexCommandOptions>();
  session::IndexOptions* o = &options->index;
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->inputs, "Videos, and folders with videos")->required();
  app->add_option("--db", o->store, "The index: made if it isn't there, else brought up to date")
      ->required();
  app->add_flag("--prune", o->prune, "Also remove files from it that are no longer there");
  app->add_flag("--no-pictures", options->no_pictures,
                "Keep no small pictures for the page of furl search --html");
  app->add_option("--threads", o->shots.threads, "0: one per CPU")->check(WholeNumber(0, 1024));
  AddMaxMemory(app, &o->shots.max_memory);
  app->add_option("--model", o->shots.model, "Model file, or folder with models");
  AddKeys(app, &options->keys);
  AddNoSandbox(app, &options->sandbox);
  return
      [options](Console& console, Details* details) { return Index(*options, console, details); };
}

}  // namespace furl::cli
