// furl encode: any video to a furl file.

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "cli/chunks/chunk_encode.h"
#include "cli/chunks/parallel_encode.h"
#include "cli/commands.h"
#include "cli/encode/batch_plan.h"
#include "cli/encode/batch_run.h"
#include "cli/encode/encode_options.h"
#include "cli/encode/encode_settings.h"
#include "cli/encode/encode_words.h"
#include "cli/encode/machine_options.h"
#include "cli/encode/preset_store.h"
#include "cli/encode/run_encode.h"
#include "cli/encode/show_presets.h"
#include "cli/encode/target_encode.h"
#include "cli/options/option_use.h"
#include "cli/sandbox_use.h"
#include "media/input_path.h"

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
      The bare stream, video only, to a pipe.
  furl encode clips/ more/*.mov -o 'out/{name}.mkv' --preset-file web --skip-existing
      All videos of a folder, and others, with a preset (--list-presets).
  furl encode film.mkv -o small.mkv --resume --jobs 4
      Four processes; if they are killed, the same command goes on.)";

struct EncodeCommand {
  EncodeOptions encode;
  ChunkOptions chunk;
  ParallelOptions parallel;
};

void AddFiles(CLI::App* app, EncodeOptions* o) {
  app->add_option("input,-i,--input", o->inputs,
                  "Video file, or - for standard input; several files, folders and patterns "
                  "('*.mov') make a file of each");
  app->add_option(
      "-o,--output", o->output,
      "File to make: .mkv, .mp4 (with --base), .furl (bare stream, video only), or - for "
      "a bare stream on standard output; needed but for --dry-run and --plan. Of several inputs a "
      "folder, or "
      "a template of {name}, {ext}, {dir}, {index}, {crf}, {preset}");
  CLI::Option* overwrite =
      app->add_flag("-y,--overwrite", o->overwrite, "Replace the output if it exists");
  app->add_flag("--skip-existing", o->skip_existing, "Leave out what has its output already")
      ->excludes(overwrite);
  app->add_flag("--recursive", o->recursive, "Of a folder, those in it as well");
  app->add_option("--preset-file", o->preset_file,
                  "Settings from a file, NAME.json, or by the name that it has "
                  "(docs/presets.md); those given here count more");
  app->add_flag("--list-presets", o->list_presets, "Show what --preset-file finds by name");
}

// How the command is run, which doesn't change what it makes.
void AddRunning(CLI::App* app, EncodeOptions* o) {
  AddMachine(app, o);
  AddEncryption(app, o);
  app->add_flag("--dry-run", o->dry_run, "Search and show the tries; encode nothing")
      ->group(kSearchGroup);
}

// Those of the command line, on top of a preset's.
Status TakeSettings(const CLI::App& app, EncodeOptions* options) {
  if (options->preset_file.empty()) return TakeEncodeWords(GivenWords(app), options);
  FURL_ASSIGN_OR_RETURN(const PresetFile preset, FindPreset(options->preset_file));
  const Status status = TakeEncodeWords(MergePreset(preset.words, app), options);
  return status.WithContext("with the preset " + preset.name);
}

// What CLI11 can't say. (-y with --dry-run is let pass: a dry run is the same command
// with one flag more.)
Status CheckUse(const CLI::App& app, const EncodeOptions& options) {
  if (options.inputs.empty()) {
    return InvalidArgument("an input is needed: a video file, or - for standard input");
  }
  if (!options.searches_crf()) {
    FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--dry-run"}, kNeedsSearch));
  }
  if (!IsBatch(options.inputs, options.output)) {
    FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--recursive"}, "needs a folder as input"));
  } else if (options.dry_run) {
    return InvalidArgument("--dry-run takes one input and no template");
  }
  if (options.output.empty() && !options.dry_run) {
    return InvalidArgument("-o is needed: the file to make");
  }
  return OkStatus();
}

Status EncodeFile(const EncodeOptions& options, Console& console, Details* details) {
  const auto broker = EnterSandbox(EncodeNeeds(options), console);
  if (options.searches_crf()) return TargetEncode(options, console).Run(details);
  return EncodeAtCrf(options, console, details);
}

Status EncodeSeveral(EncodeOptions* options, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(auto inputs, FindBatchInputs(options->inputs, options->recursive));
  FURL_ASSIGN_OR_RETURN(const auto items, PlanBatch(std::move(inputs), *options));
  std::vector<std::string> files;
  for (const BatchItem& item : items) files.push_back(item.input);
  FURL_RETURN_IF_ERROR(TakeEncodeKeys(files, console, options));
  return BatchRun(*options, EncodeFile, console).Run(items, details);
}

Status EncodeChunksOf(const CLI::App& app, EncodeCommand* command, Console& console,
                      Details* details) {
  FURL_RETURN_IF_ERROR(RefuseAllBut(app,
                                    {"--plan", "--chunk", "--chunks", "input", "--overwrite",
                                     "--threads", "--model", "--family", "--no-sandbox"},
                                    "is what the plan says (furl plan)"));
  EncodeOptions& options = command->encode;
  if (options.inputs.size() > 1) return InvalidArgument("a plan is of one input");
  if (!options.inputs.empty()) options.input = options.inputs[0];
  return EncodeChunks(command->chunk, options, console, details);
}

Status EncodeInputs(EncodeCommand* command, Console& console, Details* details) {
  EncodeOptions* options = &command->encode;
  setenv("SVT_LOG", "1", /*overwrite=*/0);  // SVT-AV1 prints on its own; 1 leaves errors
  const bool several = IsBatch(options->inputs, options->output);
  if (several && command->parallel.wanted()) {
    return InvalidArgument("--resume and --jobs take one input and no template");
  }
  if (several) return EncodeSeveral(options, console, details);
  options->input = options->inputs[0];
  if (options->skip_existing && media::IsFile(options->output)) {
    console.Say(options->output + " exists: skipped");
    (*details)["skipped"] = 1;
    return OkStatus();
  }
  if (command->parallel.wanted()) {
    return ParallelEncode(*options, command->parallel, console).Run(details);
  }
  FURL_RETURN_IF_ERROR(TakeEncodeKeys({options->input}, console, options));
  return EncodeFile(*options, console, details);
}

}  // namespace

RunFn AddEncode(CLI::App* app) {
  auto command = std::make_shared<EncodeCommand>();
  app->description(kHelp);
  app->footer(kFooter);
  AddFiles(app, &command->encode);
  AddEncodeSettings(app, &command->encode);
  AddRunning(app, &command->encode);
  AddParallelOptions(app, &command->parallel);
  AddChunkOptions(app, &command->chunk);
  return [app, command](Console& console, Details* details) {
    EncodeOptions* options = &command->encode;
    if (options->list_presets) {
      FURL_RETURN_IF_ERROR(RefuseAllBut(*app, {"--list-presets"}, "goes not with --list-presets"));
      ShowPresets(console, details);
      return OkStatus();
    }
    if (!command->chunk.places.plan.empty()) {
      return EncodeChunksOf(*app, command.get(), console, details);
    }
    FURL_RETURN_IF_ERROR(TakeSettings(*app, options));
    FURL_RETURN_IF_ERROR(CheckUse(*app, *options));
    return EncodeInputs(command.get(), console, details);
  };
}

}  // namespace furl::cli
