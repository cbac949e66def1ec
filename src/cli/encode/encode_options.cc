#include "cli/encode/encode_options.h"

#include <fmt/format.h>

#include "cli/encode/encode_words.h"
#include "cli/interrupt.h"
#include "cli/options/parse.h"

namespace furl::cli {
namespace {

Status FillFilter(const EncodeOptions& options, media::FilterOptions* filter) {
  if (!options.scale.empty()) {
    FURL_ASSIGN_OR_RETURN(const Size size, ParseSize(options.scale, true));
    filter->scale_width = size.width;
    filter->scale_height = size.height;
  }
  if (!options.fps.empty()) {
    FURL_ASSIGN_OR_RETURN(filter->frame_rate, ParseRate(options.fps));
  }
  if (!options.crop.empty()) {
    FURL_ASSIGN_OR_RETURN(filter->crop, ParseCrop(options.crop));
  }
  filter->deinterlace = options.deinterlace;
  filter->graph = options.filter;
  filter->denoise = options.denoise;
  filter->tone_map = options.tone_map;
  return OkStatus();
}

Result<media::ReaderOptions> ReaderOptionsOf(const EncodeOptions& options, Console& console) {
  media::ReaderOptions reader;
  if (!options.start.empty()) {
    FURL_ASSIGN_OR_RETURN(reader.start, ParseTime(options.start));
  }
  if (!options.duration.empty()) {
    FURL_ASSIGN_OR_RETURN(reader.duration, ParseTime(options.duration));
    if (reader.duration <= 0) return InvalidArgument("--duration must be above zero");
  }
  reader.frames = options.frames;
  FURL_RETURN_IF_ERROR(FillFilter(options, &reader.filter));
  if (!options.raw_size.empty()) {
    FURL_ASSIGN_OR_RETURN(const Size size, ParseSize(options.raw_size, false));
    FURL_ASSIGN_OR_RETURN(const Rational rate, ParseRate(options.raw_fps));
    reader.format = "rawvideo";
    reader.format_options = {{"video_size", fmt::format("{}x{}", size.width, size.height)},
                             {"pixel_format", options.raw_format},
                             {"framerate", fmt::format("{}/{}", rate.num, rate.den)}};
  }
  if (!options.input_fps.empty()) {
    FURL_ASSIGN_OR_RETURN(const Rational rate, ParseRate(options.input_fps));
    reader.format_options = {{"framerate", fmt::format("{}/{}", rate.num, rate.den)}};
  }
  FURL_ASSIGN_OR_RETURN(reader.sound, media::ParseStreamChoice(options.audio, /*sound=*/true));
  FURL_ASSIGN_OR_RETURN(reader.subtitles,
                        media::ParseStreamChoice(options.subtitles, /*sound=*/false));
  reader.turn_upright = options.turn_upright;
  reader.threads = options.threads;
  reader.notice = console.notice();
  reader.filter.notice = reader.notice;
  reader.cancelled = Interrupted;
  return reader;
}

// Of --bitrate with --vbv MOST[:BUFFER]; without a buffer, a second of MOST.
Result<RateSettings> RateOf(const EncodeOptions& options) {
  RateSettings rate;
  if (options.vbv.empty()) return rate;
  const size_t colon = options.vbv.find(':');
  FURL_ASSIGN_OR_RETURN(rate.bits_per_second, ParseBitrate(options.bitrate));
  FURL_ASSIGN_OR_RETURN(rate.most_per_second, ParseBitrate(options.vbv.substr(0, colon)));
  rate.buffer_bits = rate.most_per_second;
  if (colon != std::string::npos) {
    FURL_ASSIGN_OR_RETURN(rate.buffer_bits, ParseBitrate(options.vbv.substr(colon + 1)));
  }
  if (rate.most_per_second < rate.bits_per_second) {
    return InvalidArgument("--vbv: the largest rate is below --bitrate");
  }
  return rate;
}

// The words that the output tells: not how its crf was searched for, and not the model, which the
// stream names itself.
std::optional<Words> WordsToKeep(const EncodeOptions& options) {
  if (!options.words) return std::nullopt;
  const Words kept = WithoutSettings(*options.words, {"--model", "--family"});
  return options.vbv.empty() ? WithoutSettings(kept, QualitySettings()) : kept;
}

}  // namespace

Result<session::EncodeRequest> RequestOf(const EncodeOptions& options, Console& console) {
  session::EncodeRequest request;
  request.input = options.input;
  request.base_file = options.base_file;
  request.encoder.base_use = options.base_use;
  request.output = options.output;
  request.overwrite = options.overwrite;
  request.secret = options.secret;
  FURL_ASSIGN_OR_RETURN(request.reader, ReaderOptionsOf(options, console));
  if (!options.base.empty()) {
    request.base = media::BaseOptions{};
    request.base->encoder = options.base;
    request.base->crf = options.base_crf;
    const bool filter = options.base_use == BaseUse::kFilter;
    const std::string usual = filter ? "1" : "1/2";
    const std::string& scale = options.base_scale.empty() ? usual : options.base_scale;
    FURL_ASSIGN_OR_RETURN(request.base->scale, ParseRate(scale));
  }
  request.gop_seconds = options.gop_seconds;
  FURL_ASSIGN_OR_RETURN(request.encoder.rate, RateOf(options));
  request.encoder.low_delay = options.low_delay;
  request.encoder.temporal_filter = !options.no_temporal_filter;
  request.encoder.preset = options.preset;
  request.encoder.tune = options.tune;
  request.encoder.threads = options.threads;
  request.words = WordsToKeep(options);
  return request;
}

}  // namespace furl::cli
