// furl encode: any video to a furl file.

#include <fmt/format.h>

#include <map>

#include "base/sha256.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/model_store.h"
#include "cli/parse.h"
#include "codec/enc/encoder.h"
#include "media/coded_io.h"
#include "media/video_reader.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Makes a small file from any video that FFmpeg's libraries can read. Sound,
subtitles, chapters, attachments, tags and exact timestamps are kept.)";

constexpr char kFooter[] = R"(Examples:
  furl encode holiday.mp4 -o holiday.mkv
      Default quality. Lower --crf is better and larger; steps of 6 change the
      size by about half.
  furl encode talk.mov -o talk.mkv --crf 40 --scale 1280x-1 --fps 25
      Smaller picture, fewer frames, lower quality.
  furl encode film.mkv -o scene.mkv --start 1:02:00 --duration 30
      Thirty seconds from one hour and two minutes on.
  ffmpeg -i in.mp4 -f yuv4mpegpipe - | furl encode - -o out.mkv
      From a pipe (YUV4MPEG2 and other formats are recognized).
  furl encode clip.yuv --raw-size 352x288 --raw-fps 30 -o clip.mkv
      Headerless planes.
  furl encode in.mp4 -o - | ssh host 'cat > out.furl'
      The bare stream, video only, to a pipe.)";

struct EncodeOptions {
  std::string input;
  std::string output;
  bool overwrite = false;
  int crf = EncoderSettings().crf;
  Preset preset = Preset::kMedium;
  double gop_seconds = 2;
  bool low_delay = false;
  int threads = 0;
  std::string model;
  std::string start;
  std::string duration;
  int64_t frames = 0;
  std::string scale;
  std::string fps;
  std::string crop;
  std::string raw_size;
  std::string raw_format = "yuv420p";
  std::string raw_fps = "25";
};

const std::map<std::string, Preset> kPresets = {
    {"fast", Preset::kFast}, {"medium", Preset::kMedium}, {"slow", Preset::kSlow}};

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
  reader.threads = options.threads;
  reader.notice = console.notice();
  reader.filter.notice = reader.notice;
  reader.cancelled = Interrupted;
  return reader;
}

EncoderSettings SettingsOf(const EncodeOptions& options, const media::VideoInfo& video) {
  EncoderSettings settings;
  settings.width = video.width;
  settings.height = video.height;
  settings.bit_depth = video.bit_depth;
  settings.frame_rate = video.frame_rate;
  settings.time_base = video.time_base;
  settings.sample_aspect = video.sample_aspect;
  settings.color = video.color;
  settings.crf = options.crf;
  settings.gop_seconds = options.gop_seconds;
  settings.low_delay = options.low_delay;
  settings.preset = options.preset;
  settings.threads = options.threads;
  return settings;
}

class EncodeRun {
 public:
  EncodeRun(const EncodeOptions& options, Console& console)
      : options_(options), console_(console) {}

  Status Run(Details* details) {
    FURL_RETURN_IF_ERROR(Open());
    FURL_RETURN_IF_ERROR(Loop());
    FURL_RETURN_IF_ERROR(writer_->Finish());
    Summarize(details);
    return OkStatus();
  }

 private:
  Status Open() {
    FURL_RETURN_IF_ERROR(CheckOutput(options_.input, options_.output, options_.overwrite));
    if (options_.output == "-" && console_.settings().json) {
      return InvalidArgument("--json and the output can't both use standard output");
    }
    FURL_ASSIGN_OR_RETURN(const media::ReaderOptions reader, ReaderOptionsOf(options_, console_));
    FURL_ASSIGN_OR_RETURN(const model::ModelPtr model, ModelStore(options_.model).Default());
    FURL_ASSIGN_OR_RETURN(reader_, media::OpenVideo(options_.input, reader));
    const media::MediaInfo& info = reader_->info();
    FURL_ASSIGN_OR_RETURN(encoder_, Encoder::Create(SettingsOf(options_, info.video), model));
    media::WriterOptions writer;
    writer.overwrite = options_.overwrite;
    writer.notice = console_.notice();
    FURL_ASSIGN_OR_RETURN(writer_, media::OpenCodedWriter(options_.output, info,
                                                          encoder_->sequence_header(), writer));
    Announce(info, *model);
    return OkStatus();
  }

  void Announce(const media::MediaInfo& info, const model::Model& model) {
    const media::VideoInfo& video = info.video;
    console_.Detail(fmt::format("{}: {}, {}x{}, {} bit, {:.3f} fps, {} frames", options_.input,
                                video.codec, video.width, video.height, video.bit_depth,
                                video.frame_rate.value(), video.frame_count));
    console_.Detail(fmt::format("model {} ({})", model.name(), ToHex(model.id())));
    console_.Json({{"type", "start"},
                   {"command", "encode"},
                   {"input", options_.input},
                   {"output", options_.output},
                   {"source_codec", video.codec},
                   {"width", video.width},
                   {"height", video.height},
                   {"bit_depth", video.bit_depth},
                   {"frame_rate", video.frame_rate.value()},
                   {"frames", video.frame_count},
                   {"crf", options_.crf},
                   {"model", ToHex(model.id())}});
  }

  Status Loop() {
    for (;;) {
      auto item = reader_->Next();
      if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
      if (!item.ok()) return item.status();
      if (item->packet != nullptr) {
        FURL_RETURN_IF_ERROR(writer_->WritePacket(*item->packet));
        continue;
      }
      end_ = item->frame->pts + item->frame->duration;
      FURL_RETURN_IF_ERROR(Send(item->frame));
      FURL_RETURN_IF_ERROR(Drain(StatusCode::kTryAgain));
    }
    FURL_RETURN_IF_ERROR(Send(nullptr));
    return Drain(StatusCode::kEndOfStream);
  }

  Status Send(ConstFramePtr frame) {
    Status status = encoder_->SendFrame(frame);
    while (status.code() == StatusCode::kTryAgain) {
      FURL_RETURN_IF_ERROR(Drain(StatusCode::kTryAgain));
      status = encoder_->SendFrame(frame);
    }
    return status;
  }

  // Writes packets until the encoder answers `end`.
  Status Drain(StatusCode end) {
    for (;;) {
      if (Interrupted()) return Status(StatusCode::kCancelled, "interrupted; nothing was written");
      auto packet = encoder_->ReceivePacket();
      if (!packet.ok()) return packet.status().code() == end ? OkStatus() : packet.status();
      media::MediaPacket out;
      out.data = std::move(packet->data);
      out.pts = packet->pts;
      out.duration = packet->duration;
      out.key = packet->key;
      ++frames_;
      key_frames_ += packet->key;
      video_bytes_ += static_cast<int64_t>(out.data.size());
      FURL_RETURN_IF_ERROR(writer_->WritePacket(out));
      Progress progress;
      progress.frames = frames_;
      progress.total = reader_->info().video.frame_count;
      progress.bytes = writer_->bytes_written();
      console_.Show(progress);
    }
  }

  void Summarize(Details* details) {
    const media::VideoInfo& video = reader_->info().video;
    const double seconds = static_cast<double>(end_) * video.time_base.value();
    const double kbps = seconds > 0 ? static_cast<double>(video_bytes_) * 8e-3 / seconds : 0;
    const double bpp = frames_ > 0 ? static_cast<double>(video_bytes_) * 8 /
                                         (static_cast<double>(frames_) * video.width * video.height)
                                   : 0;
    const double wall =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    (*details)["output"] = options_.output;
    (*details)["frames"] = frames_;
    (*details)["key_frames"] = key_frames_;
    (*details)["seconds"] = wall;
    (*details)["fps"] = wall > 0 ? static_cast<double>(frames_) / wall : 0;
    (*details)["bytes"] = writer_->bytes_written();
    (*details)["video_bytes"] = video_bytes_;
    (*details)["video_kbps"] = kbps;
    (*details)["bits_per_pixel"] = bpp;
    console_.Say(
        fmt::format("{}: {}, {} frames, video {:.1f} kbit/s ({:.4f} bit/pixel), {:.1f} fps",
                    options_.output, HumanBytes(static_cast<double>(writer_->bytes_written())),
                    frames_, kbps, bpp, static_cast<double>(frames_) / std::max(wall, 1e-9)));
  }

  const EncodeOptions& options_;
  Console& console_;
  std::unique_ptr<media::VideoReader> reader_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<media::CodedWriter> writer_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  int64_t frames_ = 0;
  int64_t key_frames_ = 0;
  int64_t video_bytes_ = 0;
  int64_t end_ = 0;
};

void AddPicture(CLI::App* app, EncodeOptions* o) {
  const char* group = "Picture and time";
  app->add_option("--start", o->start, "Where to begin: seconds or [h:]m:s")->group(group);
  app->add_option("--duration", o->duration, "How long: seconds or [h:]m:s")->group(group);
  app->add_option("--frames", o->frames, "Stop after this many frames")
      ->check(CLI::PositiveNumber)
      ->group(group);
  app->add_option("--crop", o->crop, "Keep a part: WxH+X+Y, or WxH for the middle; before scaling")
      ->group(group);
  app->add_option("--scale", o->scale, "New size: WxH; -1 for one of them keeps the shape")
      ->group(group);
  app->add_option("--fps", o->fps, "Constant frame rate: 25, 30000/1001, 29.97")->group(group);
}

void AddRaw(CLI::App* app, EncodeOptions* o) {
  const char* group = "Headerless input";
  app->add_option("--raw-size", o->raw_size, "WxH; says that the input is plain samples")
      ->group(group);
  app->add_option("--raw-format", o->raw_format, "Layout, as FFmpeg calls it: yuv420p10le, nv12")
      ->capture_default_str()
      ->group(group);
  app->add_option("--raw-fps", o->raw_fps, "Frame rate")->capture_default_str()->group(group);
}

}  // namespace

RunFn AddEncode(CLI::App* app) {
  auto options = std::make_shared<EncodeOptions>();
  EncodeOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->input, "Video file, or - for standard input")->required();
  app->add_option("-o,--output", o->output,
                  "File to make: .mkv, .furl (bare stream, video only), or - for a bare stream on "
                  "standard output")
      ->required();
  app->add_flag("-y,--overwrite", o->overwrite, "Replace the output if it exists");
  app->add_option("--crf", o->crf, "Quality: 0 (best) to 63 (smallest)")
      ->check(CLI::Range(0, 63))
      ->capture_default_str();
  app->add_option("--preset", o->preset, "fast, medium or slow: more time, smaller file")
      ->transform(CLI::CheckedTransformer(kPresets, CLI::ignore_case))
      ->default_str("medium");
  app->add_option("--gop", o->gop_seconds, "Most seconds between frames that can be jumped to")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  app->add_flag("--low-delay", o->low_delay, "For live use: no frame waits for a later one");
  app->add_option("--threads", o->threads, "0: one per CPU; never changes the result")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app->add_option("--model", o->model, "Model file, or folder with a default model");
  AddPicture(app, o);
  AddRaw(app, o);
  return [options](Console& console, Details* details) {
    return EncodeRun(*options, console).Run(details);
  };
}

}  // namespace furl::cli
