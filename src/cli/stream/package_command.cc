// furl package: any video to a folder that any web server can serve as HLS.

#include <fmt/format.h>
#include <sys/stat.h>

#include "cli/commands.h"
#include "cli/encode/run_encode.h"
#include "cli/interrupt.h"
#include "cli/stream/stream_options.h"
#include "media/input_path.h"
#include "media/output_file.h"
#include "session/original_video.h"
#include "session/package/ladder_probe.h"
#include "session/package/package_run.h"

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

Status CheckFolder(const StreamOptions& options) {
  const std::string master = options.encode.output + "/" + session::kMasterName;
  struct stat info;
  if (options.encode.overwrite || stat(master.c_str(), &info) != 0) return OkStatus();
  return InvalidArgument(master + " exists; -y replaces it");
}

// Fills the rungs that the command line left open.
Status ChooseRungs(const StreamOptions& options, const session::EncodeRequest& encode,
                   const media::VideoReader& reader, FamilyEncoderPtr family, Console& console,
                   session::PackageRequest* request) {
  const bool want_furl = request->stream.furl.empty();
  const bool want_avc = request->stream.avc.empty() && !options.no_fallback;
  if (!want_furl && !want_avc) return OkStatus();
  const media::VideoInfo& video = reader.info().video;
  // Pipes and addresses are read once.
  if (!media::IsRegularFile(encode.input)) {
    console.Notice("the input can be read only once: rates are chosen by the size of the pictures");
    if (want_furl) request->stream.furl = PlainFurlRungs(video);
    if (want_avc) request->stream.avc = {PlainFallback(video)};
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
    FURL_ASSIGN_OR_RETURN(request->stream.furl, probe.Ladder());
  }
  if (want_avc) {
    FURL_ASSIGN_OR_RETURN(const session::Rung fallback, probe.Fallback());
    request->stream.avc = {fallback};
  }
  console.RestartProgress();
  return OkStatus();
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

Status RunPackage(const StreamOptions& options, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(const session::EncodeRequest encode,
                        StreamRequestOf(options.encode, console));
  FURL_ASSIGN_OR_RETURN(FamilyEncoderPtr family, EncodeFamily(options.encode));
  FURL_ASSIGN_OR_RETURN(auto reader, session::OpenOriginal(encode.input, encode.reader));
  session::PackageRequest request;
  request.folder = options.encode.output;
  request.overwrite = options.encode.overwrite;
  FURL_ASSIGN_OR_RETURN(request.stream, StreamSettingsOf(options, encode, reader->info().video));
  FURL_RETURN_IF_ERROR(ChooseRungs(options, encode, *reader, family, console, &request));
  ShowLadder(request.stream, console);
  // Of an older package nothing is to be played while its files are replaced.
  if (request.overwrite) {
    FURL_RETURN_IF_ERROR(media::RemoveOutput(request.folder + "/" + session::kMasterName));
  }
  Progress progress;
  progress.total = reader->info().video.frame_count;
  session::PackageHooks hooks = {HooksOf(console), {}};
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
  auto options = std::make_shared<StreamOptions>();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", options->encode.input, "Video file, or - for standard input")
      ->required();
  app->add_flag("-y,--overwrite", options->encode.overwrite, "Replace a package that is there");
  AddStreamOptions(app, options.get());
  return [options](Console& console, Details* details) -> Status {
    FURL_RETURN_IF_ERROR(CheckStreamUse(options.get()));
    FURL_RETURN_IF_ERROR(MakeFolder(options->encode.output));
    FURL_RETURN_IF_ERROR(CheckFolder(*options));
    const auto broker = EnterSandbox(StreamNeeds(*options, options->encode.overwrite), console);
    return RunPackage(*options, console, details);
  };
}

}  // namespace furl::cli
