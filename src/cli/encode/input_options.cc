#include "cli/encode/input_options.h"

#include <map>
#include <string>

#include "cli/options/choice.h"
#include "cli/options/option_use.h"

namespace furl::cli {
namespace {

const std::map<std::string, Preset> kPresets = {
    {"fast", Preset::kFast}, {"medium", Preset::kMedium}, {"slow", Preset::kSlow}};

const std::map<std::string, Tune> kTunes = {{"psnr", Tune::kPsnr}, {"ms-ssim", Tune::kMsSsim}};

const std::map<std::string, media::Deinterlace> kDeinterlace = {
    {"auto", media::Deinterlace::kAuto},
    {"no", media::Deinterlace::kNo},
    {"fields", media::Deinterlace::kFields}};

const std::map<std::string, media::Denoise> kDenoise = {{"no", media::Denoise::kNo},
                                                        {"light", media::Denoise::kLight},
                                                        {"medium", media::Denoise::kMedium},
                                                        {"strong", media::Denoise::kStrong}};

}  // namespace

void AddPreset(CLI::App* app, Preset* preset) {
  AddChoice(app, "--preset", kPresets, preset, "medium",
            "Time against size: fast takes a tenth less time than medium for 2 to 3 % more bits at "
            "equal quality, slow up to a fifth more for about 1 % fewer",
            "Options");
}

void AddTune(CLI::App* app, Tune* tune) {
  AddChoice(app, "--tune", kTunes, tune, "psnr",
            "What quality is measured by: ms-ssim spends more on what is flat and smooth, as "
            "structural similarity at several scales does, and loses PSNR",
            "Options");
}

void AddPicture(CLI::App* app, EncodeOptions* o) {
  const char* group = "Picture and time";
  app->add_option("--start", o->start, "Where to begin: seconds or [h:]m:s")->group(group);
  app->add_option("--duration", o->duration, "How long: seconds or [h:]m:s")->group(group);
  app->add_option("--frames", o->frames, "Stop after this many frames")
      ->check(WholeNumber(1))
      ->group(group);
  app->add_option("--crop", o->crop, "Keep a part: WxH+X+Y, or WxH for the middle; before scaling")
      ->group(group);
  app->add_option("--scale", o->scale, "New size: WxH; -1 for one of them keeps the shape")
      ->group(group);
  app->add_option("--fps", o->fps, "Constant frame rate: 25, 30000/1001, 29.97")->group(group);
  app->add_option("--input-fps", o->input_fps,
                  "Frame rate of numbered pictures (shot%04d.png), which say none")
      ->group(group);
}

void AddFilters(CLI::App* app, EncodeOptions* o) {
  const char* group = "Filters, in this order; then --scale and --fps";
  AddChoice(app, "--deinterlace", kDeinterlace, &o->deinterlace, "auto",
            "Of interlaced pictures: auto makes one progressive picture of each, fields one of "
            "each field (twice the rate), no keeps them woven and says so in the file",
            group);
  app->add_option("--filter", o->filter,
                  "FFmpeg's filters, behind --crop: eq=gamma=1.2,unsharp (ffmpeg's -vf)")
      ->group(group);
  AddChoice(app, "--denoise", kDenoise, &o->denoise, "no",
            "Takes noise away, which costs most bits (hqdn3d)", group);
  app->add_flag("--tone-map", o->tone_map, "HDR (PQ, HLG) to SDR, BT.709")->group(group);
  app->add_flag("--turn-upright", o->turn_upright,
                "Turn the pictures as the file says; else it goes on saying so")
      ->group(group);
}

void AddOtherStreams(CLI::App* app, EncodeOptions* o) {
  const char* group = "Sound and subtitles";
  app->add_option("--audio", o->audio,
                  "copy; none; or a list of tracks by number (1,2) or language (eng), and of a "
                  "codec that they become: opus:96k, aac:128k, flac, ac3, mp3, vorbis")
      ->capture_default_str()
      ->group(group);
  app->add_option("--subtitles", o->subtitles, "copy, none, or a list of numbers and languages")
      ->capture_default_str()
      ->group(group);
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

}  // namespace furl::cli
