// furl encode: any video to a furl file.

#include <cstdlib>
#include <string>

#include "cli/commands.h"
#include "cli/encode/coding_options.h"
#include "cli/encode/encode_options.h"
#include "cli/encode/encode_settings.h"
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

// How the command is run, which doesn't change what it makes.
void AddRunning(CLI::App* app, EncodeOptions* o) {
  AddMachine(app, o);
  AddEncryption(app, o);
  app->add_flag("--dry-run", o->dry_run, "Search and show the tries; encode nothing")
      ->group(kSearchGroup);
}

// What CLI11 can't say. (-y with --dry-run is let pass: a dry run is the same command
// with one flag more.)
Status CheckUse(const CLI::App& app, const EncodeOptions& options) {
  FURL_RETURN_IF_ERROR(CheckEncodeSettings(app, options));
  if (!options.searches_crf())
    FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--dry-run"}, kNeedsSearch));
  if (options.output.empty() && !options.dry_run) {
    return InvalidArgument("-o is needed: the file to make");
  }
  return OkStatus();
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
  AddEncodeSettings(app, o);
  AddRunning(app, o);
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
