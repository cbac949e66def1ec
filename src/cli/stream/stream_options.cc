#include "cli/stream/stream_options.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "cli/encode/input_options.h"
#include "cli/options/option_use.h"
#include "cli/options/parse.h"
#include "session/package/ladder_probe.h"
#include "session/package/package_run.h"

namespace furl::cli {
namespace {

Result<std::vector<session::Rung>> ParseRungs(const std::vector<std::string>& texts,
                                              const media::VideoInfo& video, size_t most,
                                              const char* option) {
  if (texts.size() > most) {
    return InvalidArgument(fmt::format("{} can be given {} times at most", option, most));
  }
  std::vector<session::Rung> rungs;
  for (const std::string& text : texts) {
    auto rung = ParseRung(text, video);
    if (!rung.ok()) return rung.status().WithContext(option);
    rungs.push_back(*rung);
  }
  return rungs;
}

}  // namespace

Result<session::Rung> ParseRung(const std::string& text, const media::VideoInfo& video) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) {
    return InvalidArgument("\"" + text + "\" is not a size and a rate like 1280x720:900k");
  }
  session::Rung rung = {video.width, video.height, 0};
  if (colon > 0) {
    FURL_ASSIGN_OR_RETURN(const Size size, ParseSize(text.substr(0, colon), true));
    const double shape = static_cast<double>(video.width) / video.height;
    rung.width = size.width > 0 ? size.width : static_cast<int>(size.height * shape / 2 + 0.5) * 2;
    rung.height =
        size.height > 0 ? size.height : static_cast<int>(size.width / shape / 2 + 0.5) * 2;
  }
  FURL_ASSIGN_OR_RETURN(rung.bits_per_second, ParseBitrate(text.substr(colon + 1)));
  if (rung.width < 16 || rung.height < 16 || rung.width > 16384 || rung.height > 16384) {
    return InvalidArgument(fmt::format("{}x{} is out of 16 to 16384", rung.width, rung.height));
  }
  return rung;
}

Result<session::EncodeRequest> StreamRequestOf(const EncodeOptions& options, Console& console) {
  FURL_ASSIGN_OR_RETURN(session::EncodeRequest encode, RequestOf(options, console));
  if (!encode.reader.sound.encoder.empty() && encode.reader.sound.encoder != "aac") {
    return InvalidArgument("--audio: sound of a stream is AAC (aac:128k)");
  }
  // Which tracks need coding is decided for each.
  encode.reader.sound.encoder.clear();
  encode.reader.turn_upright = true;
  return encode;
}

Result<session::StreamSettings> StreamSettingsOf(const StreamOptions& options,
                                                 const session::EncodeRequest& encode,
                                                 const media::VideoInfo& video) {
  session::StreamSettings settings;
  settings.segment_seconds = options.segment_seconds;
  settings.encoder = encode.encoder;
  settings.sound_rate = encode.reader.sound.bits_per_second;
  FURL_ASSIGN_OR_RETURN(
      settings.furl, ParseRungs(options.variants, video, session::kMostFurlVariants, "--variant"));
  FURL_ASSIGN_OR_RETURN(settings.avc,
                        ParseRungs(options.fallbacks, video, session::kMostAvcVariants, "--h264"));
  for (const session::Rung& rung : settings.avc) {
    if (rung.width % 2 == 0 && rung.height % 2 == 0) continue;
    return InvalidArgument("--h264: H.264 has no odd sizes");
  }
  return settings;
}

std::vector<session::Rung> PlainFurlRungs(const media::VideoInfo& video) {
  constexpr double kBitsPerSample = 0.05;
  return session::PlainLadder(video, kBitsPerSample);
}

session::Rung PlainFallback(const media::VideoInfo& video) {
  constexpr double kBitsPerSample = 0.12;
  session::Rung fallback = session::FallbackSize(video);
  media::VideoInfo small = video;
  small.width = fallback.width;
  small.height = fallback.height;
  fallback.bits_per_second = session::PlainLadder(small, kBitsPerSample).front().bits_per_second;
  return fallback;
}

void ShowLadder(const session::StreamSettings& settings, Console& console) {
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
  show(settings.avc, "h264");
  show(settings.furl, "furl");
}

Status CheckStreamUse(StreamOptions* options) {
  std::string& folder = options->encode.output;
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  if (options->no_fallback && !options->fallbacks.empty()) {
    return InvalidArgument("--no-fallback and --h264 exclude each other");
  }
  if (folder.find('%') != std::string::npos) {
    return InvalidArgument("the folder's name can't have a percent sign");
  }
  return OkStatus();
}

Status MakeFolder(const std::string& folder) {
  struct stat info;
  if (stat(folder.c_str(), &info) == 0) {
    return S_ISDIR(info.st_mode) ? OkStatus()
                                 : InvalidArgument(folder + " is a file, not a folder");
  }
  if (mkdir(folder.c_str(), 0777) == 0) return OkStatus();
  return IoError(folder + ": " + std::strerror(errno));
}

SandboxNeeds StreamNeeds(const StreamOptions& options, bool overwrite) {
  SandboxNeeds needs;
  needs.wanted = options.encode.sandbox;
  needs.inputs = {options.encode.input};
  needs.model = options.encode.model;
  needs.ordinary = true;
  const std::string& folder = options.encode.output;
  needs.outputs.push_back({folder + "/" + session::kMasterName, overwrite});
  for (const auto& place : session::StreamPlaces(folder, overwrite)) {
    needs.outputs.push_back({place.PathOf(place.InitName()), overwrite});
    needs.outputs.push_back({place.InitPattern(), overwrite, true});
    needs.outputs.push_back({place.Pattern(), overwrite, true});
    needs.outputs.push_back({place.PathOf(place.ListName()), overwrite});
  }
  return needs;
}

void AddStreamOptions(CLI::App* app, StreamOptions* options) {
  EncodeOptions* o = &options->encode;
  app->add_option("-o,--output", o->output, "Folder to make or to fill; its parent must be there")
      ->required();
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
}

}  // namespace furl::cli
