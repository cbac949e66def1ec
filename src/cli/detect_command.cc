// furl detect: objects and events in a video, from what its packets say.

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/options/keys.h"
#include "cli/options/max_memory.h"
#include "cli/options/option_use.h"
#include "cli/options/parse.h"
#include "cli/sandbox_use.h"
#include "media/output_file.h"
#include "session/detect/detect_lines.h"
#include "session/detect/detect_page.h"
#include "session/detect/event_track.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Tells when there are people, vehicles and animals in a video, and what happens:
motion, crossing a line, things that were left or taken away, another scene, a
camera that is moved or covered. Of a furl file no picture is decoded. It is a
small network's guess: some objects are missed, and some are none.)";

constexpr char kFooter[] = R"(Examples:
  furl detect yard.mkv
      Events, one a line.
  furl detect yard.mkv --zones zones.json --html page.html
      Zones and lines that count, and a page with a timeline.
  furl detect yard.mkv --json > objects.ndjson
      Objects of every frame, and events, for programs.
  furl detect yard.mkv --vtt events.vtt
      Events as WebVTT metadata, which browsers give to scripts.)";

// What is encoded on the fly should show objects, not only scenes.
constexpr int kEncodedSide = 640;
constexpr double kEncodedCrf = 30;

struct DetectCommandOptions {
  std::string input;
  std::string zones;
  std::string detector;
  std::string html;
  std::string vtt;
  std::string output;
  std::string start, duration;
  bool keys_only = false;
  bool no_objects = false;
  bool overwrite = false;
  KeyOptions keys;
  bool sandbox = true;
  session::DetectOptions detect;
};

Result<session::VideoPart> PartOf(const DetectCommandOptions& options) {
  session::VideoPart part;
  if (!options.start.empty()) {
    FURL_ASSIGN_OR_RETURN(part.start, ParseTime(options.start));
  }
  if (!options.duration.empty()) {
    FURL_ASSIGN_OR_RETURN(part.duration, ParseTime(options.duration));
    if (part.duration <= 0) return InvalidArgument("--duration must be above 0");
  }
  return part;
}

Status CheckOutputs(const DetectCommandOptions& options) {
  for (const std::string& output : {options.html, options.vtt, options.output}) {
    if (output.empty()) continue;
    if (output == "-") return InvalidArgument("outputs need the name of a file");
    FURL_RETURN_IF_ERROR(CheckFolder(output));
    FURL_RETURN_IF_ERROR(CheckOutput(options.input, output, options.overwrite));
  }
  return OkStatus();
}

// What is told while a video is looked at.
class Telling {
 public:
  Telling(const DetectCommandOptions& options, Console& console)
      : options_(options), console_(console) {
    sinks_.frame = [this](const session::FrameObjects& frame) { return TellFrame(frame); };
    sinks_.event = [this](const analysis::SceneEvent& event) { return TellEvent(event); };
    if (options.html.empty()) return;
    sinks_.sketch = [this](double time, const analysis::Sketch& sketch) {
      return page_.AddSketch(time, sketch, {});
    };
  }

  const session::DetectSinks& sinks() const { return sinks_; }

  Status WriteFiles(const session::DetectSummary& summary) const {
    const std::string name = std::filesystem::path(options_.input).filename();
    if (!options_.html.empty()) {
      FURL_RETURN_IF_ERROR(page_.Write(options_.html, name, summary));
    }
    if (!options_.vtt.empty()) {
      FURL_RETURN_IF_ERROR(
          media::WriteOutput(options_.vtt, session::WebVttOf(events_), options_.overwrite));
    }
    if (options_.output.empty()) return OkStatus();
    return session::CopyWithEvents(options_.input, options_.output, options_.overwrite, events_,
                                   HooksOf(console_));
  }

  size_t events() const { return events_.size(); }

 private:
  Status TellFrame(const session::FrameObjects& frame) {
    if (!options_.html.empty()) page_.AddFrame(frame);
    if (options_.keys_only && !frame.key) return OkStatus();
    nlohmann::ordered_json line = {{"type", "frame"}};
    line.update(session::JsonOf(frame));
    console_.Json(line);
    return OkStatus();
  }

  Status TellEvent(const analysis::SceneEvent& event) {
    events_.push_back(event);
    if (!options_.html.empty()) page_.AddEvent(event);
    nlohmann::ordered_json line = {{"type", "event"}};
    line.update(session::JsonOf(event));
    console_.EndProgress();
    console_.Json(line);
    console_.Print(session::Sentence(event) + "\n");
    return OkStatus();
  }

  const DetectCommandOptions& options_;
  Console& console_;
  session::DetectSinks sinks_;
  session::DetectPage page_;
  std::vector<analysis::SceneEvent> events_;
};

void Summarize(const session::DetectSummary& summary, size_t events, Console& console,
               Details* details) {
  details->update({{"frames", summary.frames},
                   {"key_frames", summary.key_frames},
                   {"events", events},
                   {"seconds", summary.seconds},
                   {"detect_seconds", summary.detect_seconds},
                   {"damaged", summary.damaged},
                   {"encoded", summary.encoded}});
  if (summary.damaged > 0) {
    console.Problem(fmt::format("{} damaged places were passed over", summary.damaged));
  }
  console.Say(fmt::format("{} events in {}, {} frames{}", events, HumanTime(summary.seconds),
                          summary.frames,
                          summary.encoded ? "; encoded on the fly for want of latents" : ""));
}

Status Detect(const DetectCommandOptions& command, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(const session::VideoPart part, PartOf(command));
  FURL_RETURN_IF_ERROR(CheckOutputs(command));
  session::DetectOptions options = command.detect;
  if (!command.zones.empty()) {
    FURL_ASSIGN_OR_RETURN(options.zones, watch::ReadZones(command.zones));
  }
  if (!command.no_objects) {
    FURL_ASSIGN_OR_RETURN(options.detector, session::FindDetector(command.detector));
  }
  SandboxNeeds needs;
  needs.wanted = command.sandbox;
  needs.inputs = {command.input};
  needs.model = options.video.model;
  needs.outputs = {{command.html, command.overwrite},
                   {command.vtt, command.overwrite},
                   {command.output, command.overwrite}};
  needs.ordinary = true;
  FURL_RETURN_IF_ERROR(TakeInputKey(command.keys, needs.inputs, console));
  const auto broker = EnterSandbox(needs, console);
  options.video.encoded_side = kEncodedSide;
  options.video.encoded_crf = kEncodedCrf;
  options.video.hooks = HooksOf(console);
  options.video.progress = [&](int64_t frames) {
    Progress progress;
    progress.frames = frames;
    console.Show(progress);
  };
  Telling telling(command, console);
  const auto summary = session::DetectIn(command.input, part, options, telling.sinks());
  console.EndProgress();
  if (!summary.ok()) return summary.status();
  FURL_RETURN_IF_ERROR(telling.WriteFiles(*summary));
  Summarize(*summary, telling.events(), console, details);
  return OkStatus();
}

}  // namespace

RunFn AddDetect(CLI::App* app) {
  auto options = std::make_shared<DetectCommandOptions>();
  DetectCommandOptions* o = options.get();
  session::DetectOptions* d = &o->detect;
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->input, "A video")->required();
  app->add_option("--zones", o->zones, "JSON file with zones and lines (docs/detect.md)");
  app->add_option("--html", o->html, "Write a page with a timeline and thumbnails here");
  app->add_option("--vtt", o->vtt, "Write events as WebVTT metadata here");
  app->add_option("-o,--output", o->output,
                  "Copy the furl file to this .mkv, with events as a track of metadata");
  app->add_flag("-y,--overwrite", o->overwrite, "Replace existing outputs");
  app->add_option("--start", o->start, "Only from here on; as 90 or 1:30");
  app->add_option("--duration", o->duration, "Only so long");
  app->add_flag("--key-frames", o->keys_only, "With --json: objects of key frames alone");
  app->add_flag("--no-objects", o->no_objects, "Only events that need no network");
  app->add_option("--score", d->tracker.enter, "That a new object needs, from 0 to 1")
      ->check(Number(0, 1))
      ->capture_default_str();
  app->add_option("--detector", o->detector, "Model file of a detector, or its folder");
  app->add_option("--threads", d->video.threads, "0: one per CPU")->check(WholeNumber(0, 1024));
  AddMaxMemory(app, &d->video.max_memory);
  app->add_option("--model", d->video.model, "Model file, or folder with models");
  AddKeys(app, &o->keys);
  AddNoSandbox(app, &o->sandbox);
  return [app, options](Console& console, Details* details) {
    if (options->no_objects) {
      FURL_RETURN_IF_ERROR(
          RefuseOptions(*app, {"--score", "--detector"}, "does not go with --no-objects"));
    }
    return Detect(*options, console, details);
  };
}

}  // namespace furl::cli
