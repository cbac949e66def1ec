// furl decode: a furl file to ordinary video.

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "base/sha256.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options/keys.h"
#include "cli/options/max_memory.h"
#include "cli/options/option_use.h"
#include "cli/options/parse.h"
#include "cli/sandbox_use.h"
#include "media/frame_writer.h"
#include "media/numbered_name.h"
#include "session/decoded_video.h"
#include "session/settings_tag.h"
#include "session/trimmed_video.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Turns a furl file back into ordinary video, bit for bit the same frames on
every machine. The end of the output's name says what to write.)";

constexpr char kFooter[] = R"(Examples:
  furl decode holiday.mkv -o back.mp4
      H.264, encoded losslessly: exactly the decoded frames, sound copied.
  furl decode holiday.mkv -o back.mp4 --codec-crf 20
      Smaller, no longer exact; --codec hevc for H.265, with HDR's tags.
  furl decode holiday.mkv -o edit.mov
      ProRes, for editors; .mkv --codec ffv1 is lossless and smaller.
  furl decode holiday.mkv -o shot%04d.png --start 1:20 --frames 10
      Ten pictures.
  furl decode holiday.mkv -o frames.y4m
  furl decode holiday.mkv -o - --codec raw | ffplay -
      Uncompressed, to a file or, with sound, to a player (furl play does that).
  furl decode holiday.mkv -o null
      Only decodes; prints the speed.
  furl decode hurt.mkv -o saved.mp4 --conceal
      Goes on after damage and repeats the nearest good picture.)";

struct DecodeOptions {
  std::string input;
  std::string output;
  bool overwrite = false;
  bool conceal = false;
  std::string codec;
  int codec_crf = -1;
  std::string start;
  std::string duration;
  int64_t frames = 0;
  int threads = 0;
  int64_t max_memory = DecoderSettings().max_memory;
  KeyOptions keys;
  bool sandbox = true;
  std::string model;
};

Result<session::TrimOptions> TrimOf(const DecodeOptions& options) {
  session::TrimOptions trim;
  trim.frames = options.frames;
  if (!options.start.empty()) {
    FURL_ASSIGN_OR_RETURN(trim.start, ParseTime(options.start));
  }
  if (!options.duration.empty()) {
    FURL_ASSIGN_OR_RETURN(trim.duration, ParseTime(options.duration));
    if (trim.duration <= 0) return InvalidArgument("--duration must be above zero");
  }
  return trim;
}

class DecodeRun {
 public:
  DecodeRun(const DecodeOptions& options, Console& console)
      : options_(options), console_(console) {}

  Status Run(Details* details) {
    FURL_RETURN_IF_ERROR(CheckOutput(options_.input, FirstFile(), options_.overwrite));
    if (options_.output == "-" && console_.settings().json) {
      return InvalidArgument("--json and the output can't both use standard output");
    }
    FURL_RETURN_IF_ERROR(CheckCodec());
    FURL_ASSIGN_OR_RETURN(const session::TrimOptions trim, TrimOf(options_));
    session::DecodedOptions decoded;
    decoded.threads = options_.threads;
    decoded.max_memory = options_.max_memory;
    decoded.conceal = options_.conceal;
    decoded.model = options_.model;
    decoded.start = trim.start;
    decoded.hooks = HooksOf(console_);
    FURL_ASSIGN_OR_RETURN(video_, session::DecodedVideo::Open(options_.input, decoded));
    source_ = video_.get();
    if (trim.trims()) {
      FURL_ASSIGN_OR_RETURN(part_, session::TrimmedVideo::Open(source_, trim));
      source_ = part_.get();
    }
    media::WriterOptions writer;
    writer.overwrite = options_.overwrite;
    writer.codec = options_.codec;
    writer.codec_crf = options_.codec_crf;
    writer.threads = options_.threads;
    writer.notice = console_.notice();
    media::MediaInfo info = source_->info();
    session::DropSettingsTag(&info.video);
    FURL_ASSIGN_OR_RETURN(writer_, media::OpenFrameWriter(options_.output, info, writer));
    Announce();
    start_ = std::chrono::steady_clock::now();
    FURL_RETURN_IF_ERROR(Loop());
    if (frames_ == 0) return InvalidStream(options_.input + ": no picture could be decoded");
    const int64_t missing = video_->statistics().missing_frames;
    if (missing > 0 && !options_.conceal)
      return Hurt(fmt::format("{} frames are missing", missing));
    if (video_->statistics().hashes_failed > 0 && !options_.conceal)
      return Hurt("frames without a hash");
    FURL_RETURN_IF_ERROR(writer_->Finish());
    Summarize(details);
    return Outcome(details);
  }

 private:
  std::string FirstFile() const {
    if (!media::IsNumbered(options_.output)) return options_.output;
    return media::NumberedName::Parse(options_.output).value().Name(1);
  }

  // Options that the output has no use for.
  Status CheckCodec() const {
    const std::string& output = options_.output;
    const auto ends = [&output](std::initializer_list<const char*> kinds) {
      return std::any_of(kinds.begin(), kinds.end(),
                         [&output](const char* kind) { return output.ends_with(kind); });
    };
    const bool streams = output == "-" && !options_.codec.empty();
    if (!options_.codec.empty() && output != "-" && !ends({".mp4", ".mkv", ".mov"})) {
      return InvalidArgument("--codec needs an output of .mp4, .mkv, .mov or -");
    }
    const bool prores = ends({".mov"}) && options_.codec.empty();
    const bool has_crf =
        options_.codec.empty() || options_.codec == "h264" || options_.codec == "hevc";
    if (options_.codec_crf >= 0 &&
        (prores || !has_crf || !(streams || ends({".mp4", ".mkv", ".mov"})))) {
      return InvalidArgument("--codec-crf needs H.264 or H.265: .mp4, .mkv, or --codec");
    }
    return OkStatus();
  }

  void Announce() {
    const media::VideoInfo& video = source_->info().video;
    console_.Detail(
        fmt::format("model {} ({})", video_->model().name(), ToHex(video_->model().id())));
    console_.Json({{"type", "start"},
                   {"command", "decode"},
                   {"input", options_.input},
                   {"output", options_.output},
                   {"written_as", writer_->description()},
                   {"width", video.width},
                   {"height", video.height},
                   {"bit_depth", video.bit_depth},
                   {"frame_rate", video.frame_rate.value()},
                   {"frames", video.frame_count},
                   {"model", ToHex(video_->model().id())}});
  }

  Status Loop() {
    for (;;) {
      if (Interrupted()) return Status(StatusCode::kCancelled, "interrupted; nothing was written");
      auto item = source_->Next();
      if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) return OkStatus();
      if (!item.ok() && item.status().code() == StatusCode::kInvalidStream) {
        return Hurt(item.status().message());
      }
      if (!item.ok()) return item.status();
      if (item->packet != nullptr) {
        FURL_RETURN_IF_ERROR(writer_->WritePacket(*item->packet));
        continue;
      }
      FURL_RETURN_IF_ERROR(writer_->WriteFrame(*item->frame, item->duration));
      ++frames_;
      Progress progress;
      progress.frames = frames_;
      progress.total = source_->info().video.frame_count;
      console_.Show(progress);
    }
  }

  // Of damage that ends the decoding.
  Status Hurt(const std::string& how) const {
    return InvalidStream(options_.input + ": " + how +
                         " (--conceal goes on, `furl verify` says what is hurt)");
  }

  // The output is there; whether it is all that the input once held.
  Status Outcome(Details* details) const {
    const DecoderStatistics statistics = video_->statistics();
    const int64_t damage = statistics.concealed_frames + statistics.missing_frames +
                           statistics.damaged_frames + statistics.hashes_failed +
                           video_->damaged_places();
    if (damage == 0) return OkStatus();
    (*details)["error"] = "concealed";
    return InvalidStream(fmt::format(
        "{} is damaged: {} frames concealed, {} missing; {} has what could be saved",
        options_.input, statistics.concealed_frames, statistics.missing_frames, options_.output));
  }

  void Summarize(Details* details) {
    const DecoderStatistics statistics = video_->statistics();
    const double wall =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    (*details)["output"] = options_.output;
    (*details)["written_as"] = writer_->description();
    (*details)["frames"] = frames_;
    (*details)["seconds"] = wall;
    (*details)["fps"] = wall > 0 ? static_cast<double>(frames_) / wall : 0;
    (*details)["hashes_checked"] = statistics.hashes_checked;
    (*details)["hashes_failed"] = statistics.hashes_failed;
    (*details)["damaged_frames"] = statistics.damaged_frames;
    (*details)["concealed_frames"] = statistics.concealed_frames;
    (*details)["missing_frames"] = statistics.missing_frames;
    (*details)["base_alone"] = video_->base_alone();
    std::string text =
        fmt::format("{}: {} frames, {}, {:.1f} fps", options_.output, frames_,
                    writer_->description(), static_cast<double>(frames_) / std::max(wall, 1e-9));
    if (statistics.concealed_frames > 0) {
      text += fmt::format("; {} frames concealed", statistics.concealed_frames);
    }
    if (video_->base_alone() > 0) {
      console_.Notice(
          fmt::format("furl's part of {} frames is damaged or missing: they are the "
                      "base's alone",
                      video_->base_alone()));
    }
    console_.Say(text);
  }

  const DecodeOptions& options_;
  Console& console_;
  std::unique_ptr<session::DecodedVideo> video_;
  std::unique_ptr<session::TrimmedVideo> part_;  // of it, where that is wanted
  media::VideoReader* source_ = nullptr;         // the part, or all
  std::unique_ptr<media::FrameWriter> writer_;
  std::chrono::steady_clock::time_point start_;
  int64_t frames_ = 0;
};

std::string OutputHelp() {
  std::string text = "File to make, by the end of its name:";
  for (const media::FrameWriterKind& kind : media::FrameWriterKinds()) {
    text += fmt::format("\n{} ({})", kind.suffix, kind.description);
  }
  return text;
}

}  // namespace

RunFn AddDecode(CLI::App* app) {
  auto options = std::make_shared<DecodeOptions>();
  DecodeOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->input, "Furl file, or - for standard input")->required();
  app->add_option("-o,--output", o->output, OutputHelp())->required();
  app->add_flag("-y,--overwrite", o->overwrite, "Replace the output if it exists");
  app->add_option("--codec", o->codec,
                  "What the video becomes, where the output leaves a choice: h264, hevc, ffv1, "
                  "prores, raw");
  app->add_option("--codec-crf,--x264-crf", o->codec_crf,
                  "Of h264 and hevc: their quality, 0 to 51, instead of lossless")
      ->check(WholeNumber(0, 51));
  app->add_option("--start", o->start, "Where to begin: seconds or [h:]m:s");
  app->add_option("--duration", o->duration, "How long: seconds or [h:]m:s");
  app->add_option("--frames", o->frames, "Stop after this many frames")->check(WholeNumber(1));
  app->add_flag("--conceal", o->conceal, "Go on after damage instead of stopping");
  app->add_option("--threads", o->threads, "0: one per CPU; never changes the frames")
      ->check(WholeNumber(0, 1024))
      ->capture_default_str();
  AddMaxMemory(app, &o->max_memory);
  app->add_option("--model", o->model, "Model file, or folder with models");
  AddKeys(app, &o->keys);
  AddNoSandbox(app, &o->sandbox);
  return [options](Console& console, Details* details) {
    SandboxNeeds needs;
    needs.wanted = options->sandbox;
    needs.inputs = {options->input};
    needs.model = options->model;
    needs.outputs = {{options->output, options->overwrite, media::IsNumbered(options->output)}};
    FURL_RETURN_IF_ERROR(TakeInputKey(options->keys, needs.inputs, console));
    const auto broker = EnterSandbox(needs, console);
    return DecodeRun(*options, console).Run(details);
  };
}

}  // namespace furl::cli
