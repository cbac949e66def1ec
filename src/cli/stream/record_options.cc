#include "cli/stream/record_options.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cli/encode/coding_options.h"
#include "cli/encode/input_options.h"
#include "cli/encode/machine_options.h"
#include "cli/options/choice.h"
#include "cli/options/option_use.h"
#include "cli/options/parse.h"
#include "codec/common/quality_scale.h"
#include "hls/playlist.h"
#include "media/input_path.h"
#include "media/libav/input_format.h"
#include "session/live/live_folder.h"
#include "session/record/camera_config.h"
#include "session/record/camera_place.h"

namespace furl::cli {
namespace {

const std::map<std::string, session::RecordMode> kModes = {
    {"always", session::RecordMode::kAlways}, {"events", session::RecordMode::kEvents}};

constexpr char kOneCamera[] = "camera";  // its name, where there is but one without a name

void AddWatching(CLI::App* app, RecordOptions* o) {
  const char* group = "Events";
  session::CameraSettings* c = &o->usual;
  AddChoice(app, "--mode", kModes, &c->mode, "always",
            "What is kept: all (always), or events with what was before and comes after", group);
  app->add_option(
         "--sensitivity", c->sensitivity,
         "Of what moves: 100 takes ten times smaller things than 50, and half the contrast")
      ->check(Number(0, 100))
      ->capture_default_str()
      ->group(group);
  app->add_option("--least-motion", c->least_motion, "Seconds; what moves for less is no event")
      ->check(Number(0, 60))
      ->capture_default_str()
      ->group(group);
  app->add_option("--pre", c->pre_seconds, "Seconds before an event that are kept with it")
      ->check(Number(0, 300))
      ->capture_default_str()
      ->group(group);
  app->add_option("--post", c->post_seconds, "Seconds after an event that count as it does")
      ->check(Number(0, 3600))
      ->capture_default_str()
      ->group(group);
  app->add_option("--zones", o->zones,
                  "JSON file: where motion counts or doesn't, and masks (docs/record.md)")
      ->group(group);
}

void AddCoding(CLI::App* app, RecordOptions* o) {
  const char* group = "Quality";
  session::CameraSettings* c = &o->usual;
  app->add_option("--crf", c->crf, "Of events: 0 (best) to 63 (smallest)")
      ->check(Number(kMinCrf, kMaxCrf))
      ->capture_default_str()
      ->group(group);
  app->add_option("--quiet-crf", c->quiet_crf, "Where nothing moves")
      ->check(Number(kMinCrf, kMaxCrf))
      ->capture_default_str()
      ->group(group);
  app->add_option("--quiet-fps", c->quiet_fps, "Most pictures per second there; 0: all")
      ->check(Number(0, 1000))
      ->capture_default_str()
      ->group(group);
  app->add_option("--quiet-gop", c->quiet_seconds, "Seconds between key frames there")
      ->check(Number(1, 600))
      ->capture_default_str()
      ->group(group);
  app->add_flag("--low-delay", o->encode.low_delay,
                "No picture waits for a later one: less memory, more bits")
      ->group(group);
  AddPreset(app, &o->encode.preset);
  AddModel(app, &o->encode);
  AddMachine(app, &o->encode);
}

session::LiveInputOptions InputOf(const RecordOptions& options, const media::ReaderOptions& reader,
                                  const session::CameraSettings& camera) {
  // Pictures are coded in groups, and wait for that.
  constexpr double kWait = 5;
  session::LiveInputOptions input;
  input.path = camera.input;
  input.reader = reader;
  if (!camera.format.empty()) input.reader.format = camera.format;
  const bool has_clock =
      media::IsAddress(camera.input) || media::IsDeviceFormat(input.reader.format);
  input.pace = options.fast                         ? session::LivePace::kAsTaken
               : media::IsRegularFile(camera.input) ? session::LivePace::kOwnSpeed
               : has_clock                          ? session::LivePace::kAsTheyCome
                                                    : session::LivePace::kLenient;
  input.reconnects = has_clock && !options.no_reconnect && !options.fast;
  input.stall_seconds = options.stall_seconds;
  input.wait_seconds = kWait;
  return input;
}

Result<session::CameraSettings> NamedCamera(const RecordOptions& options, const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return InvalidArgument("--camera: \"" + text + "\" is not NAME=INPUT");
  }
  session::CameraSettings camera = options.usual;
  camera.name = text.substr(0, equals);
  camera.input = text.substr(equals + 1);
  return camera;
}

// With or without milliseconds.
Result<int64_t> ParseBegin(const std::string& text) {
  auto begin = hls::ParseDateTime(text);
  if (!begin.ok() && text.ends_with('Z')) {
    begin = hls::ParseDateTime(text.substr(0, text.size() - 1) + ".000Z");
  }
  if (begin.ok() && *begin > 0) return begin;
  return InvalidArgument("--begin: \"" + text + "\" is no time like 2026-11-30T12:00:00Z");
}

// Devices of this machine are named by their path.
void FillFormat(session::CameraSettings* camera) {
  if (camera->format.empty() && camera->input.starts_with("/dev/video")) camera->format = "v4l2";
}

}  // namespace

Result<std::vector<session::RecordRun::Camera>> CamerasOf(const RecordOptions& options,
                                                          const media::ReaderOptions& reader) {
  std::vector<session::CameraSettings> all;
  if (!options.encode.input.empty()) {
    all.push_back(options.usual);
    all.back().name = kOneCamera;
    all.back().input = options.encode.input;
  }
  for (const std::string& text : options.cameras) {
    FURL_ASSIGN_OR_RETURN(session::CameraSettings camera, NamedCamera(options, text));
    all.push_back(std::move(camera));
  }
  if (!options.zones.empty() && all.empty()) {
    return InvalidArgument(
        "--zones is of cameras on the command line; those of --config say theirs");
  }
  if (!options.zones.empty()) {
    FURL_ASSIGN_OR_RETURN(const watch::Zones zones, watch::ReadZones(options.zones));
    for (session::CameraSettings& camera : all) camera.zones = zones;
  }
  if (!options.config.empty()) {
    FURL_ASSIGN_OR_RETURN(const auto cameras, session::ReadCameras(options.config, options.usual));
    all.insert(all.end(), cameras.begin(), cameras.end());
  }
  FURL_RETURN_IF_ERROR(session::CheckCameras(all));
  std::vector<session::RecordRun::Camera> cameras;
  for (session::CameraSettings& camera : all) {
    FillFormat(&camera);
    session::LiveInputOptions input = InputOf(options, reader, camera);
    cameras.push_back({std::move(camera), std::move(input)});
  }
  return cameras;
}

Result<session::RecordSettings> RecordSettingsOf(const RecordOptions& options,
                                                 const session::EncodeRequest& encode) {
  constexpr double kShortest = 1;
  constexpr double kLongest = 86400;
  session::RecordSettings settings;
  settings.folder = options.encode.output;
  settings.encoder = encode.encoder;
  FURL_ASSIGN_OR_RETURN(settings.segment_seconds, ParseSpan(options.segment));
  if (settings.segment_seconds < kShortest || settings.segment_seconds > kLongest) {
    return InvalidArgument("--segment: from a second to a day");
  }
  if (!options.quota.empty()) {
    FURL_ASSIGN_OR_RETURN(settings.limits.quota_bytes, ParseBytes(options.quota));
  }
  if (!options.keep.empty()) {
    FURL_ASSIGN_OR_RETURN(settings.limits.keep_seconds, ParseSpan(options.keep));
  }
  if (options.fast) settings.begin_ms = session::WallClockMs();
  if (!options.begin.empty()) {
    FURL_ASSIGN_OR_RETURN(settings.begin_ms, ParseBegin(options.begin));
  }
  return settings;
}

SandboxNeeds RecordNeeds(const RecordOptions& options,
                         const std::vector<session::RecordRun::Camera>& cameras,
                         std::vector<std::string> others) {
  SandboxNeeds needs;
  needs.wanted = options.encode.sandbox;
  needs.inputs = {options.encode.output};
  needs.model = options.encode.model;
  needs.ordinary = true;
  needs.serves = !options.metrics.empty();
  for (const session::RecordRun::Camera& camera : cameras) {
    needs.inputs.push_back(camera.settings.input);
    // What drivers of devices need is not known here.
    if (media::IsDeviceFormat(camera.input.reader.format)) needs.wanted = false;
    std::erase(others, camera.settings.name);
    others.push_back(camera.settings.name);
  }
  for (const std::string& name : others) {
    const session::CameraPlace place = {options.encode.output + "/" + name};
    for (const std::string& files : {place.Videos(), place.Thumbnails(), place.LeftVideos()}) {
      needs.outputs.push_back({files, false, false, true});
    }
    needs.outputs.push_back({place.Events(), false, false, true, true});
  }
  return needs;
}

void AddRecordOptions(CLI::App* app, RecordOptions* o) {
  app->add_option("input,-i,--input", o->encode.input,
                  "Address, device or file, or - for standard input: of one camera");
  app->add_option("--camera", o->cameras, "NAME=INPUT, again for more; NAME is its folder")
      ->allow_extra_args(false);
  app->add_option("--config", o->config, "JSON file of cameras (docs/record.md)");
  app->add_option("-o,--output", o->encode.output, "Folder of the recordings, made if need be")
      ->required();
  app->add_option("--segment", o->segment,
                  "Length of a file: 10m, 1h; they begin at whole multiples of the clock (UTC)")
      ->capture_default_str();
  app->add_option("--quota", o->quota,
                  "Of the folder: 200G; the oldest files are removed to stay below it");
  app->add_option("--keep", o->keep, "How long a file is kept: 30d");
  app->add_option("--metrics-port", o->metrics,
                  "Port for /metrics, of this machine alone; :9100 or an address for others");
  app->add_option("--format", o->usual.format, "Of the inputs, as FFmpeg calls it: v4l2");
  app->add_flag("--no-reconnect", o->no_reconnect, "End when an address or a device breaks off");
  app->add_option("--stall", o->stall_seconds,
                  "Seconds without a picture after which a connection is taken for lost")
      ->check(Number(1, 3600))
      ->capture_default_str();
  CLI::Option* fast = app->add_flag(
      "--fast", o->fast, "As fast as it can be coded: of files, which were recorded elsewhere");
  app->add_option("--begin", o->begin, "When the first picture was taken: 2026-11-30T12:00:00Z")
      ->needs(fast);
  AddWatching(app, o);
  AddCoding(app, o);
  AddPicture(app, &o->encode);
  AddFilters(app, &o->encode);
  AddOtherStreams(app, &o->encode);
  AddRaw(app, &o->encode);
}

}  // namespace furl::cli
