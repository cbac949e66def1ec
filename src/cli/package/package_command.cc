// furl package: any video to a folder that any web server can serve as HLS.

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/commands.h"
#include "cli/encode/input_options.h"
#include "cli/encode/run_encode.h"
#include "cli/interrupt.h"
#include "cli/options/option_use.h"
#include "cli/package/package_options.h"
#include "cli/sandbox_use.h"
#include "session/package/ladder_probe.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Makes a folder of files that any web server can serve and any HLS player plays:
variants of furl for players that know it (docs/web.md) and one of H.264 for all
others, sound as AAC, subtitles as WebVTT.

Sizes and rates come from the content: short scenes are coded at several sizes,
and at every rate the size is taken that looks best.)";

constexpr char kFooter[] = R"(Examples:
  furl package film.mp4 -o film/
      Serve the folder; players open film/master.m3u8.
  furl package film.mp4 -o film/ --variant 1920x1080:2.5M --variant 960x540:800k
      These variants of furl; the one of H.264 still comes from the content.
  furl package film.mp4 -o film/ --h264 1280x720:3M --h264 640x360:800k
      Two of H.264.
  furl package film.mp4 -o film/ --no-fallback --segment 2
      furl alone, in segments of two seconds.)";

// What of EncodeOptions has no say here.
Status CheckUse(const PackageOptions& options) {
  if (options.no_fallback && !options.fallbacks.empty()) {
    return InvalidArgument("--no-fallback and --h264 exclude each other");
  }
  if (options.encode.output.find('%') != std::string::npos) {
    return InvalidArgument("the folder's name can't have a percent sign");
  }
  return OkStatus();
}

// What was made is not taken back: an empty folder harms nobody.
Status MakeFolder(const PackageOptions& options) {
  const std::string& folder = options.encode.output;
  struct stat info;
  if (stat(folder.c_str(), &info) == 0) {
    if (!S_ISDIR(info.st_mode)) return InvalidArgument(folder + " is a file, not a folder");
    const std::string master = folder + "/" + session::kMasterName;
    if (!options.encode.overwrite && stat(master.c_str(), &info) == 0) {
      return InvalidArgument(master + " exists; -y replaces it");
    }
    return OkStatus();
  }
  if (mkdir(folder.c_str(), 0777) == 0) return OkStatus();
  return IoError(folder + ": " + std::strerror(errno));
}

SandboxNeeds NeedsOf(const PackageOptions& options) {
  SandboxNeeds needs;
  needs.wanted = options.encode.sandbox;
  needs.inputs = {options.encode.input};
  needs.model = options.encode.model;
  needs.ordinary = true;
  const std::string& folder = options.encode.output;
  const bool overwrite = options.encode.overwrite;
  needs.outputs.push_back({folder + "/" + session::kMasterName, overwrite});
  for (const auto& place : session::PackagePlaces(folder, overwrite)) {
    needs.outputs.push_back({place.PathOf(place.InitName()), overwrite});
    needs.outputs.push_back({place.Pattern(), overwrite, true});
    needs.outputs.push_back({place.PathOf(place.ListName()), overwrite});
  }
  return needs;
}

// Pipes and addresses are read once.
bool CanBeSampled(const std::string& input) {
  struct stat info;
  return stat(input.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

// Fills the rungs that the command line left open.
Status ChooseRungs(const PackageOptions& options, const session::EncodeRequest& encode,
                   const media::VideoReader& reader, FamilyEncoderPtr family, Console& console,
                   session::PackageRequest* request) {
  const bool want_furl = request->furl.empty();
  const bool want_avc = request->avc.empty() && !options.no_fallback;
  if (!want_furl && !want_avc) return OkStatus();
  const media::VideoInfo& video = reader.info().video;
  if (!CanBeSampled(encode.input)) {
    console.Notice("the input can be read only once: rates are chosen by the size of the pictures");
    constexpr double kFurlBits = 0.05;
    constexpr double kAvcBits = 0.12;
    if (want_furl) request->furl = session::PlainLadder(video, kFurlBits);
    if (!want_avc) return OkStatus();
    session::Rung fallback = session::FallbackSize(video);
    media::VideoInfo small = video;
    small.width = fallback.width;
    small.height = fallback.height;
    fallback.bits_per_second = session::PlainLadder(small, kAvcBits).front().bits_per_second;
    request->avc = {fallback};
    return OkStatus();
  }
  session::LadderProbe::ProbeHooks hooks;
  hooks.cancelled = Interrupted;
  hooks.progress = [&console](int done, int total) {
    Progress progress;
    progress.frames = done;
    progress.total = total;
    progress.label = "looking at the content";
    progress.unit = "tries";
    progress.speed_unit = "tries/s";
    console.Show(progress);
  };
  session::LadderProbe probe(encode, std::move(family), hooks);
  FURL_RETURN_IF_ERROR(probe.Open(reader));
  if (want_furl) {
    FURL_ASSIGN_OR_RETURN(request->furl, probe.Ladder());
  }
  if (want_avc) {
    FURL_ASSIGN_OR_RETURN(const session::Rung fallback, probe.Fallback());
    request->avc = {fallback};
  }
  console.RestartProgress();
  return OkStatus();
}

void ShowLadder(const session::PackageRequest& request, Console& console) {
  const auto show = [&](const std::vector<session::Rung>& rungs, const char* codec) {
    for (const session::Rung& rung : rungs) {
      console.Say(fmt::format("  {:<6} {:>11} {:>8.0f} kbit/s", codec,
                              fmt::format("{}x{}", rung.width, rung.height),
                              static_cast<double>(rung.bits_per_second) / 1000));
      console.Json({{"type", "variant"},
                    {"codec", codec},
                    {"width", rung.width},
                    {"height", rung.height},
                    {"bitrate", rung.bits_per_second}});
    }
  };
  console.Say("variants:");
  show(request.avc, "h264");
  show(request.furl, "furl");
}

void Summarize(const session::PackageRequest& request, const session::PackageOutcome& outcome,
               Console& console, Details* details) {
  (*details)["output"] = request.folder + "/" + session::kMasterName;
  (*details)["frames"] = outcome.frames;
  (*details)["segments"] = outcome.segments;
  (*details)["bytes"] = outcome.bytes;
  (*details)["sounds"] = outcome.sounds;
  (*details)["texts"] = outcome.texts;
  Details variants = Details::array();
  for (const session::VariantOutcome& v : outcome.variants) {
    variants.push_back({{"playlist", v.list},
                        {"codec", v.codec},
                        {"width", v.rung.width},
                        {"height", v.rung.height},
                        {"bytes", v.bytes},
                        {"mean", v.mean},
                        {"peak", v.peak}});
    console.Detail(fmt::format("{}: {}x{}, {:.0f} kbit/s, at most {:.0f}", v.list, v.rung.width,
                               v.rung.height, static_cast<double>(v.mean) / 1000,
                               static_cast<double>(v.peak) / 1000));
  }
  (*details)["variants"] = variants;
  console.Say(fmt::format("{}/{}: {} variants, {} frames in {} segments each, {}", request.folder,
                          session::kMasterName, outcome.variants.size(), outcome.frames,
                          outcome.segments, HumanBytes(static_cast<double>(outcome.bytes))));
}

Status RunPackage(const PackageOptions& options, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(session::EncodeRequest encode, RequestOf(options.encode, console));
  if (!encode.reader.sound.encoder.empty() && encode.reader.sound.encoder != "aac") {
    return InvalidArgument("--audio: sound of a package is AAC (aac:128k)");
  }
  // Which tracks need coding is decided for each.
  encode.reader.sound.encoder.clear();
  encode.reader.turn_upright = true;
  FURL_ASSIGN_OR_RETURN(FamilyEncoderPtr family, EncodeFamily(options.encode));
  FURL_ASSIGN_OR_RETURN(auto reader, media::OpenVideo(encode.input, encode.reader));
  FURL_ASSIGN_OR_RETURN(session::PackageRequest request,
                        PackageRequestOf(options, encode, reader->info().video));
  FURL_RETURN_IF_ERROR(ChooseRungs(options, encode, *reader, family, console, &request));
  ShowLadder(request, console);
  // Of an older package nothing is to be played while its files are replaced.
  if (request.overwrite) {
    FURL_RETURN_IF_ERROR(media::RemoveOutput(request.folder + "/" + session::kMasterName));
  }
  Progress progress;
  progress.total = reader->info().video.frame_count;
  session::PackageHooks hooks;
  hooks.notice = console.notice();
  hooks.cancelled = Interrupted;
  hooks.progress = [&](int64_t frames) {
    progress.frames = frames;
    console.Show(progress);
  };
  session::PackageRun run(request, std::move(reader), family, hooks);
  FURL_ASSIGN_OR_RETURN(const session::PackageOutcome outcome, run.Run());
  Summarize(request, outcome, console, details);
  return OkStatus();
}

}  // namespace

RunFn AddPackage(CLI::App* app) {
  auto options = std::make_shared<PackageOptions>();
  EncodeOptions* o = &options->encode;
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->input, "Video file, or - for standard input")->required();
  app->add_option("-o,--output", o->output, "Folder to make or to fill; its parent must be there")
      ->required();
  app->add_flag("-y,--overwrite", o->overwrite, "Replace a package that is there");
  const char* group = "Variants";
  app->add_option("--variant", options->variants,
                  "WxH:RATE of furl, again for more: 1280x720:900k; -1 for one side keeps the "
                  "shape, :900k is the source's size")
      ->group(group);
  app->add_option("--h264", options->fallbacks, "WxH:RATE of H.264, again for more")->group(group);
  app->add_flag("--no-fallback", options->no_fallback, "No H.264")->group(group);
  app->add_option("--segment", options->segment_seconds, "Seconds of a segment")
      ->check(Number(0.5, 60))
      ->capture_default_str()
      ->group(group);
  AddPreset(app, &o->preset);
  app->add_option("--threads", o->threads, "0: one per CPU; never changes furl's variants")
      ->check(WholeNumber(0, 1024))
      ->capture_default_str();
  app->add_option("--model", o->model, "Model file, or folder with a default model");
  app->add_option("--family", o->family, "Codec family: takes the first model of it (furl models)");
  AddNoSandbox(app, &o->sandbox);
  AddPicture(app, o);
  AddFilters(app, o);
  AddOtherStreams(app, o);
  AddRaw(app, o);
  return [options](Console& console, Details* details) -> Status {
    while (options->encode.output.size() > 1 && options->encode.output.ends_with('/')) {
      options->encode.output.pop_back();
    }
    FURL_RETURN_IF_ERROR(CheckUse(*options));
    FURL_RETURN_IF_ERROR(MakeFolder(*options));
    const auto broker = EnterSandbox(NeedsOf(*options), console);
    return RunPackage(*options, console, details);
  };
}

}  // namespace furl::cli
