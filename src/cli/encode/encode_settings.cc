#include "cli/encode/encode_settings.h"

#include <array>

#include "cli/encode/coding_options.h"
#include "cli/encode/input_options.h"
#include "cli/options/option_use.h"

namespace furl::cli {
namespace {

void AddSearch(CLI::App* app, CLI::Option* crf, EncodeOptions* o) {
  const char* group = kSearchGroup;
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
  app->add_flag("--best-effort", o->best_effort,
                "Exit code 0, not 1, where the target can't be met; the nearest to it is written "
                "either way")
      ->group(group);
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

void AddEncodeSettings(CLI::App* app, EncodeOptions* o) {
  CLI::Option* crf = AddQuality(app, o);
  app->add_option("--gop", o->gop_seconds,
                  "Most seconds between frames that can be jumped to, where none are missing; by "
                  "default 2 or, of slow videos, 32 frames")
      ->check(CLI::Range(0.01, 3600.0));
  app->add_flag("--low-delay", o->low_delay, "For live use: no frame waits for a later one");
  app->add_flag("--no-temporal-filter", o->no_temporal_filter,
                "Take no noise out of the pictures that others are predicted from");
  AddModel(app, o);
  AddSearch(app, crf, o);
  AddPicture(app, o);
  AddFilters(app, o);
  AddOtherStreams(app, o);
  AddBase(app, o);
  AddRaw(app, o);
}

std::vector<std::string> SettingNames() {
  EncodeOptions unused;
  CLI::App table;
  table.set_help_flag();
  AddEncodeSettings(&table, &unused);
  std::vector<std::string> names;
  for (const CLI::Option* option : table.get_options()) names.push_back(option->get_name());
  return names;
}

Status CheckEncodeSettings(const CLI::App& app, const EncodeOptions& options) {
  if (!options.searches_crf()) {
    FURL_RETURN_IF_ERROR(
        RefuseOptions(app, {"--samples", "--sample-seconds", "--best-effort"}, kNeedsSearch));
  }
  if (options.bitrate.empty()) {
    FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--vbv"}, "needs --bitrate"));
  }
  if (options.base.empty()) {
    FURL_RETURN_IF_ERROR(
        RefuseOptions(app, {"--base-scale", "--base-crf", "--enhance"}, "needs --base"));
  }
  if (options.raw_size.empty()) {
    FURL_RETURN_IF_ERROR(RefuseOptions(app, {"--raw-format", "--raw-fps"},
                                       "needs --raw-size, which makes the input headerless"));
  }
  return OkStatus();
}

}  // namespace furl::cli
