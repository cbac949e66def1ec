#include "cli/encode/run_encode.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/sha256.h"
#include "cli/interrupt.h"
#include "codec/enc/encoders.h"
#include "media/input_path.h"
#include "session/model_store.h"

namespace furl::cli {
namespace {

void Announce(const session::EncodeRequest& request, const media::VideoInfo& video, double crf,
              const model::Model& model, Console& console) {
  console.Detail(fmt::format("{}: {}, {}x{}, {} bit, {:.3f} fps, {} frames", request.input,
                             video.codec, video.width, video.height, video.bit_depth,
                             video.frame_rate.value(), video.frame_count));
  console.Detail(fmt::format("model {} ({})", model.name(), ToHex(model.id())));
  Details start = {{"type", "start"},
                   {"command", request.base_file.empty() ? "encode" : "enhance"},
                   {"input", request.input},
                   {"output", request.output},
                   {"source_codec", video.codec},
                   {"width", video.width},
                   {"height", video.height},
                   {"bit_depth", video.bit_depth},
                   {"frame_rate", video.frame_rate.value()},
                   {"frames", video.frame_count},
                   {"crf", crf},
                   {"model", ToHex(model.id())}};
  if (!request.base_file.empty()) start["base"] = request.base_file;
  if (request.encoder.rate.wanted()) {
    start.erase("crf");
    start["bitrate"] = request.encoder.rate.bits_per_second;
  }
  console.Json(start);
}

void Summarize(const std::string& output, const session::EncodeOutcome& outcome, Console& console,
               Details* details) {
  const double kbps = outcome.bits_per_second() / 1000;
  const double wall = outcome.wall_seconds;
  (*details)["output"] = output;
  (*details)["frames"] = outcome.frames;
  (*details)["key_frames"] = outcome.key_frames;
  (*details)["seconds"] = wall;
  (*details)["fps"] = wall > 0 ? static_cast<double>(outcome.frames) / wall : 0;
  (*details)["bytes"] = outcome.bytes;
  (*details)["video_bytes"] = outcome.video_bytes;
  (*details)["video_kbps"] = kbps;
  if (outcome.base_bytes > 0) (*details)["base_bytes"] = outcome.base_bytes;
  (*details)["bits_per_pixel"] = outcome.bits_per_pixel();
  std::string base;
  if (outcome.base_bytes > 0) {
    const double part = static_cast<double>(outcome.base_bytes) /
                        static_cast<double>(std::max<int64_t>(outcome.video_bytes, 1));
    base = fmt::format(", {:.0f} % of it the base's", 100 * part);
  }
  console.Say(fmt::format("{}: {}, {} frames, video {:.1f} kbit/s ({:.4f} bit/pixel{}), {:.1f} fps",
                          output, HumanBytes(static_cast<double>(outcome.bytes)), outcome.frames,
                          kbps, outcome.bits_per_pixel(), base,
                          static_cast<double>(outcome.frames) / std::max(wall, 1e-9)));
}

}  // namespace

Result<session::EncodeOutcome> RunEncode(const session::EncodeRequest& request,
                                         session::EncodeJob job, Console& console,
                                         Details* details) {
  const FamilyEncoderPtr family = job.family;
  const double crf = job.crf;
  Progress progress;
  session::EncodeHooks hooks;
  hooks.notice = console.notice();
  hooks.cancelled = Interrupted;
  hooks.opened = [&](const media::VideoInfo& video) {
    progress.total = video.frame_count;
    console.RestartProgress();
    Announce(request, video, crf, family->family()->model(), console);
  };
  hooks.progress = [&](const session::EncodeOutcome& so_far) {
    progress.frames = so_far.frames;
    progress.bytes = so_far.bytes;
    console.Show(progress);
  };
  FURL_ASSIGN_OR_RETURN(const session::EncodeOutcome outcome,
                        session::EncodeRun(request, std::move(job), std::move(hooks)).Run());
  Summarize(request.output, outcome, console, details);
  return outcome;
}

Status CheckEncodeOutput(const EncodeOptions& options, const Console& console) {
  FURL_RETURN_IF_ERROR(CheckOutput(options.input, options.output, options.overwrite));
  if (!options.base_file.empty()) {
    FURL_RETURN_IF_ERROR(CheckOutput(options.base_file, options.output, options.overwrite));
  }
  if (options.output == "-" && console.settings().json) {
    return InvalidArgument("--json and the output can't both use standard output");
  }
  return OkStatus();
}

Status TakeEncodeKeys(const std::vector<std::string>& inputs, Console& console,
                      EncodeOptions* options) {
  if (!options->encrypt) return TakeInputKey(options->keys, inputs, console);
  if (options->output.ends_with(".mp4")) {
    return InvalidArgument("--encrypt makes .mkv, .furl and -, not .mp4: " + options->output);
  }
  FURL_ASSIGN_OR_RETURN(options->secret, TakeOutputKey(options->keys));
  return OkStatus();
}

SandboxNeeds EncodeNeeds(const EncodeOptions& options) {
  SandboxNeeds needs;
  needs.wanted = options.sandbox;
  needs.inputs = {options.input};
  if (!options.base_file.empty()) needs.inputs.push_back(options.base_file);
  needs.model = options.model;
  needs.outputs = {{options.output, options.overwrite}};
  needs.ordinary = true;
  if (options.target.starts_with("vmaf")) needs.program = "vmaf";
  return needs;
}

Status EncodeAtCrf(const EncodeOptions& options, Console& console, Details* details) {
  FURL_RETURN_IF_ERROR(CheckEncodeOutput(options, console));
  // Options that make no sense are named before a model is looked for.
  FURL_ASSIGN_OR_RETURN(const session::EncodeRequest request, RequestOf(options, console));
  session::EncodeJob job;
  job.crf = options.crf;
  FURL_ASSIGN_OR_RETURN(job.family, EncodeFamily(options));
  return RunEncode(request, std::move(job), console, details).status();
}

Result<FamilyEncoderPtr> EncodeFamily(const EncodeOptions& options) {
  const bool named = !options.model.empty() && !session::IsModelPath(options.model) &&
                     !media::IsFile(options.model) && options.family.empty();
  FURL_ASSIGN_OR_RETURN(model::ModelPtr model,
                        named ? session::ModelStore("").Named(options.model)
                              : session::ModelStore(options.model).OfFamily(options.family));
  return CreateFamilyEncoder(std::move(model));
}

}  // namespace furl::cli
