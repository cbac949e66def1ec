// furl live: a camera, a stream or a file at its own speed, to a folder that any web server can
// serve as a live HLS stream.

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "cli/commands.h"
#include "cli/encode/input_options.h"
#include "cli/encode/run_encode.h"
#include "cli/options/option_use.h"
#include "cli/stream/stream_options.h"
#include "media/input_path.h"
#include "media/libav/input_format.h"
#include "session/live/live_run.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Streams what arrives: a folder with the latest seconds of a video as HLS, variants
of furl and one of H.264, for any web server (furl serve) and any HLS player. Where
the machine is too slow it takes less effort and then smaller pictures, and says so.
Ctrl-C ends the stream; the same command goes on with one that was ended or killed.)";

constexpr char kFooter[] = R"(Examples:
  furl live rtsp://camera/stream -o live/
      A camera of the network; when it is lost, furl tries to get it back.
  furl live /dev/video0 --format v4l2 -o live/ --variant 640x360:400k
      A camera of this machine.
  ffmpeg ... -f matroska - | furl live - -o live/
  furl live film.mp4 -o live/ --segment 0.5
      A file at its own speed, in short segments, for less delay.
  furl serve live/
      Lets players open http://127.0.0.1:8080/master.m3u8, and browsers the page.)";

struct LiveOptions {
  StreamOptions stream;
  std::string format;
  double window_seconds = 12;
  double stall_seconds = 10;
  bool no_adapt = false;
  bool no_reconnect = false;
};

session::LiveInputOptions InputOf(const LiveOptions& options,
                                  const session::EncodeRequest& encode) {
  session::LiveInputOptions input;
  input.path = encode.input;
  input.reader = encode.reader;
  if (!options.format.empty()) input.reader.format = options.format;
  const bool device = media::IsDeviceFormat(options.format);
  const bool has_clock = media::IsAddress(encode.input) || device;
  input.pace = media::IsRegularFile(encode.input) ? session::LivePace::kOwnSpeed
               : has_clock                        ? session::LivePace::kAsTheyCome
                                                  : session::LivePace::kLenient;
  input.reconnects = has_clock && !options.no_reconnect;
  input.stall_seconds = options.stall_seconds;
  return input;
}

void Summarize(const LiveOptions& options, const session::LiveState& state, Console& console,
               Details* details) {
  (*details)["output"] = options.stream.encode.output;
  (*details)["frames"] = state.frames;
  (*details)["dropped"] = state.dropped;
  (*details)["segments"] = state.segments;
  (*details)["seconds"] = state.seconds;
  (*details)["connections"] = state.connections;
  console.Say(fmt::format("{}: {} of video in {} segments, {} pictures, {} dropped",
                          options.stream.encode.output, HumanTime(state.seconds), state.segments,
                          state.frames, state.dropped));
}

session::LiveHooks LiveHooksOf(Console& console) {
  session::LiveHooks hooks = {HooksOf(console), {}};
  hooks.progress = [&console](const session::LiveState& state) {
    Progress progress;
    progress.frames = state.frames;
    progress.label = state.dropped > 0 ? fmt::format("{} dropped", state.dropped) : "";
    console.Show(progress);
  };
  return hooks;
}

// The largest variant and a fallback: what is live must be coded in time.
void FillRungs(const LiveOptions& options, const media::VideoInfo& video,
               session::StreamSettings* settings) {
  if (settings->furl.empty()) settings->furl = {PlainFurlRungs(video).front()};
  if (settings->avc.empty() && !options.stream.no_fallback) settings->avc = {PlainFallback(video)};
}

Status RunLive(const LiveOptions& options, session::LiveFolder* folder, Console& console,
               Details* details) {
  FURL_ASSIGN_OR_RETURN(const session::EncodeRequest encode,
                        StreamRequestOf(options.stream.encode, console));
  FURL_ASSIGN_OR_RETURN(FamilyEncoderPtr family, EncodeFamily(options.stream.encode));
  auto input = std::make_unique<session::LiveInput>(InputOf(options, encode));
  FURL_RETURN_IF_ERROR(input->Open());
  const media::VideoInfo& video = input->first_info().video;
  session::LiveRequest request;
  FURL_ASSIGN_OR_RETURN(request.stream, StreamSettingsOf(options.stream, encode, video));
  FillRungs(options, video, &request.stream);
  request.stream.encoder.low_delay = true;
  request.stream.texts = false;
  request.adapts = !options.no_adapt;
  if (folder->resumed()) console.Notice("goes on with the stream that is there");
  ShowLadder(request.stream, console);
  session::LiveRun run(request, folder, std::move(input), std::move(family), LiveHooksOf(console));
  FURL_ASSIGN_OR_RETURN(const session::LiveState state, run.Run());
  if (state.frames == 0) return InvalidStream(encode.input + ": no picture could be decoded");
  Summarize(options, state, console, details);
  return OkStatus();
}

}  // namespace

RunFn AddLive(CLI::App* app) {
  auto options = std::make_shared<LiveOptions>();
  options->stream.segment_seconds = 1;
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", options->stream.encode.input,
                  "Address, device or file, or - for standard input")
      ->required();
  app->add_flag("-y,--overwrite", options->stream.encode.overwrite,
                "Replace what is there of something else than a live stream");
  app->add_option("--format", options->format, "Of the input, as FFmpeg calls it: v4l2");
  app->add_option("--window", options->window_seconds, "Seconds of video that are listed")
      ->check(Number(3, 86400))
      ->capture_default_str();
  app->add_flag("--no-adapt", options->no_adapt,
                "Keep preset and size, and drop pictures where the machine is too slow");
  app->add_flag("--no-reconnect", options->no_reconnect,
                "End when an address or a device breaks off");
  app->add_option("--stall", options->stall_seconds,
                  "Seconds without a picture after which a connection is taken for lost")
      ->check(Number(1, 3600))
      ->capture_default_str();
  AddStreamOptions(app, &options->stream);
  return [options](Console& console, Details* details) -> Status {
    FURL_RETURN_IF_ERROR(CheckStreamUse(&options->stream));
    const std::string& folder_name = options->stream.encode.output;
    FURL_RETURN_IF_ERROR(MakeFolder(folder_name));
    // Before the process is locked in: what is there is read.
    FURL_ASSIGN_OR_RETURN(session::LiveFolder folder,
                          session::LiveFolder::Open(folder_name, options->window_seconds,
                                                    options->stream.encode.overwrite));
    // What drivers of devices need is not known here.
    if (media::IsDeviceFormat(options->format)) options->stream.encode.sandbox = false;
    const auto broker = EnterSandbox(StreamNeeds(options->stream, true), console);
    return RunLive(*options, &folder, console, details);
  };
}

}  // namespace furl::cli
