// furl encode: any video to a furl file.

#include <array>
#include <cstdlib>
#include <string>

#include "cli/commands.h"
#include "cli/encode/coding_options.h"
#include "cli/encode/encode_options.h"
#include "cli/encode/input_options.h"
#include "cli/encode/run_encode.h"
#include "cli/encode/target_encode.h"
#include "cli/options/option_use.h"
#include "cli/sandbox_use.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Makes a small file from any video that FFmpeg's libraries can read. Sound,
subtitles, chapters, attachments, tags and exact timestamps are kept.

Quality is chosen with --crf, or searched for: --target, --bitrate and --size code
short scenes of the input at a few crfs, show each try, and encode with the crf
that just meets the wish. Scores are means over frames of (6 Y + U + V) / 8, as
furl compare measures them.)";

constexpr char kFooter[] = R"(Examples:
  furl encode holiday.mp4 -o holiday.mkv
      Default quality. Lower --crf is better and larger; steps of 6 change the
      size by about half.
  furl encode talk.mov -o talk.mkv --crf 46 --scale 1280x-1 --fps 25
      Smaller picture, fewer frames, lower quality.
  furl encode holiday.mp4 -o holiday.mkv --target psnr=38
      The smallest file that keeps 38 dB; or --target ssim=0.98, ms-ssim=0.99, vmaf=93.
  furl encode holiday.mp4 -o holiday.mkv --size 20M
      At most 20 MB, sound included; --bitrate 800k for video alone.
  furl encode film.mkv -o small.mkv --size 50M --audio eng,opus:64k --subtitles none
      Only the English sound, coded anew; what it saves is the picture's.
  furl encode holiday.mp4 --target psnr=38 --dry-run
      Only what was tried, nothing is written.
  furl encode film.mkv -o scene.mkv --start 1:02:00 --duration 30
      Thirty seconds from one hour and two minutes on.
  ffmpeg -i in.mp4 -f yuv4mpegpipe - | furl encode - -o out.mkv
      From a pipe (YUV4MPEG2 and other formats are recognized).
  furl encode clip.yuv --raw-size 352x288 --raw-fps 30 -o clip.mkv
      Headerless planes.
  furl encode in.mp4 -o - | ssh host 'cat > out.furl'
      The bare stream, video only, to a pipe.)";

void AddSearch(CLI::App* app, CLI::Option* crf, EncodeOptions* o) {
  const char* group = "Instead of --crf";
  CLI::Option* target = app->add_option(
      "--target", o->target,
      "Smallest file with psnr=DB, ssim=VALUE, ms-ssim=VALUE or, where its program is installed, "
      "vmaf=VALUE, on the sampled scenes");
  CLI::Option* bitrate = app->add_option(
      "--bitrate", o->bitrate,
      "Best quality within so many bits per second of video (800k, 1.5M); checked after the "
      "encode, which is repeated, twice at most, when it is more than 1 % over or far below");
  CLI::Option* size = app->add_option(
      "--size", o->size,
      "Best quality within so many bytes (20M, 700Mi), sound and all else counted; checked after "
      "the encode, which is repeated, twice at most, when it is over or far below");
  app->add_option("--vbv", o->vbv,
                  "MOST[:BUFFER], with --bitrate: in one pass, for live use. A receiver with a "
                  "channel of MOST bits per second and a buffer of BUFFER bits (else a second of "
                  "MOST) never waits; the mean comes within about 3 % over ten seconds")
      ->needs(bitrate)
      ->group(group);
  const std::array<CLI::Option*, 4> ways = {crf, target, bitrate, size};
  for (CLI::Option* a : ways) {
    for (CLI::Option* b : ways) {
      if (a != b) a->excludes(b);
    }
    if (a != crf) a->group(group);
  }
  app->add_option("--samples", o->samples,
                  "Scenes to sample; 0: one per minute, 5 to 20. An input that is no longer than "
                  "twice the samples is taken whole")
      ->check(WholeNumber(0, 1000))
      ->capture_default_str()
      ->group(group);
  app->add_option("--sample-seconds", o->sample_seconds,
                  "Least length of each, made of whole GOPs (--gop)")
      ->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str()
      ->group(group);
  app->add_flag("--dry-run", o->dry_run, "Search and show the tries; encode nothing")->group(group);
  app->add_flag("--best-effort", o->best_effort,
                "Exit code 0, not 1, where the target can't be met; the nearest to it is written "
                "either way")
      ->group(group);
}

// What CLI11 can't say. (-y with --dry-run is let pass: a dry run is the same command
// with one flag more.)
Status CheckUse(const CLI::App& app, const EncodeOptions& options) {
  if (!options.searches_crf()) {
    FURL_RETURN_IF_ERROR(
        RefuseOptions(app, {"--samples", "--sample-seconds", "--dry-run", "--best-effort"},
                      "needs --target, --bitrate or --size"));
  }
  if (options.base.empty()) {
    FURL_RETURN_IF_ERROR(
        RefuseOptions(app, {"--base-scale", "--base-crf", "--enhance"}, "needs --base"));
  }
  if (options.raw_size.empty()) {
    FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--raw-format", "--raw-fps"},
                                       "needs --raw-size, which makes the input headerless"));
  }
  if (options.output.empty() && !options.dry_run) {
    return InvalidArgument("-o is needed: the file to make");
  }
  return OkStatus();
}

void AddBase(CLI::App* app, EncodeOptions* o) {
  const char* group = "A base, which players without furl show (.mkv, .mp4)";
  app->add_option("--base", o->base,
                  "x264, x265 or av1: a track of that codec is made along, and furl's adds to it")
      ->group(group);
  app->add_option("--base-scale", o->base_scale,
                  "Its size: 1, 2/3, 1/2, down to 1/4 of each side; by "
                  "default 1/2, or 1 where only a filter is added")
      ->group(group);
  app->add_option(
         "--base-crf", o->base_crf,
         "Its encoder's crf; by default such that few bits are the base's, or that of --crf "
         "where only a filter is added")
      ->check(WholeNumber(0, 63))
      ->group(group);
  AddEnhancement(app, group, o);
}

}  // namespace

RunFn AddEncode(CLI::App* app) {
  auto options = std::make_shared<EncodeOptions>();
  EncodeOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->input, "Video file, or - for standard input")->required();
  app->add_option(
      "-o,--output", o->output,
      "File to make: .mkv, .mp4 (with --base), .furl (bare stream, video only), or - for "
      "a bare stream on standard output; needed but for --dry-run");
  app->add_flag("-y,--overwrite", o->overwrite, "Replace the output if it exists");
  CLI::Option* crf = AddQuality(app, o);
  app->add_option("--gop", o->gop_seconds,
                  "Most seconds between frames that can be jumped to, where none are missing; by "
                  "default 2 or, of slow videos, 32 frames")
      ->check(CLI::Range(0.01, 3600.0));
  app->add_flag("--low-delay", o->low_delay, "For live use: no frame waits for a later one");
  AddMachine(app, o);
  AddEncryption(app, o);
  AddSearch(app, crf, o);
  AddPicture(app, o);
  AddFilters(app, o);
  AddOtherStreams(app, o);
  AddBase(app, o);
  AddRaw(app, o);
  return [app, options](Console& console, Details* details) {
    FURL_RETURN_IF_ERROR(CheckUse(*app, *options));
    setenv("SVT_LOG", "1", /*overwrite=*/0);  // SVT-AV1 prints on its own; 1 leaves errors
    FURL_RETURN_IF_ERROR(TakeEncodeKeys(console, options.get()));
    const auto broker = EnterSandbox(EncodeNeeds(*options), console);
    if (options->searches_crf()) return TargetEncode(*options, console).Run(details);
    return EncodeAtCrf(*options, console, details);
  };
}

}  // namespace furl::cli
