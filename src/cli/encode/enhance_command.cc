// furl enhance: what furl adds to a video that is there already.

#include <memory>

#include "cli/commands.h"
#include "cli/encode/coding_options.h"
#include "cli/encode/input_options.h"
#include "cli/encode/machine_options.h"
#include "cli/encode/run_encode.h"
#include "cli/sandbox_use.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Adds furl's part to a video of H.264, H.265 or AV1, of which not a byte changes:
players show the output as they show the base, and furl shows more. Sound,
subtitles, chapters and times are the base's; the original, of which the base was
made, gives the pictures that furl comes near to.

The base may be smaller than the original, down to a quarter of each side. Both
must have the same pictures at the same times.)";

constexpr char kFooter[] = R"(Examples:
  furl enhance small.mp4 --original master.mov -o both.mkv
      What costs least, group of pictures by group: a filter or pictures.
  furl enhance web.mp4 --original master.mov -o web_plus.mkv --enhance filter
      Only a filter of the base's pictures, next to no bits; takes no networks.
  furl decode both.mkv -o back.mp4
      The better pictures; ffplay both.mkv shows the base.)";

}  // namespace

RunFn AddEnhance(CLI::App* app) {
  auto options = std::make_shared<EncodeOptions>();
  EncodeOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("base", o->base_file, "Video file of H.264, H.265 or AV1")->required();
  app->add_option("--original", o->input, "The video that the base was made of")->required();
  app->add_option("-o,--output", o->output, "File to make: .mkv, or .mp4 (not with AV1)")
      ->required();
  app->add_flag("-y,--overwrite", o->overwrite, "Replace the output if it exists");
  AddQuality(app, o);
  AddEnhancement(app, "Options", o);
  AddModel(app, o);
  AddMachine(app, o);
  AddEncryption(app, o);
  AddOtherStreams(app, o);
  return [options](Console& console, Details* details) {
    FURL_RETURN_IF_ERROR(
        TakeEncodeKeys({options->input, options->base_file}, console, options.get()));
    const auto broker = EnterSandbox(EncodeNeeds(*options), console);
    return EncodeAtCrf(*options, console, details);
  };
}

}  // namespace furl::cli
