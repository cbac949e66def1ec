#include "eval/codecs/codec.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "eval/codecs/adapters.h"

namespace furl::eval {
namespace {

LevelScale X264Levels() { return {"crf", 1, 51, 0.5, {17, 21, 25, 29, 33, 37, 41}}; }
LevelScale X265Levels() { return {"crf", 1, 51, 0.5, {18, 22, 26, 30, 34, 38, 42}}; }
LevelScale SvtLevels() { return {"crf", 1, 63, 1, {20, 28, 36, 44, 52, 60}}; }
// libavcodec takes a quantizer of 1 for 2 by default.
LevelScale Mpeg2Levels() { return {"qscale", 2, 31, 1, {2, 3, 5, 8, 12, 18, 30}}; }

// `variant`: "" tuned for PSNR, "default" as the encoder comes, "lowdelay" for
// live use, tuned for PSNR.
LibavSpec X264(const std::string& preset, const std::string& variant) {
  LibavSpec spec{"x264-" + preset, "x264 " + preset, "libx264", X264Levels()};
  spec.options = {{"preset", preset}};
  if (variant.empty()) spec.options.push_back({"tune", "psnr"});
  if (variant == "lowdelay") spec.options.push_back({"tune", "psnr,zerolatency"});
  return spec;
}

LibavSpec X265(const std::string& preset, const std::string& variant) {
  LibavSpec spec{"x265-" + preset, "x265 " + preset, "libx265", X265Levels()};
  spec.options = {{"preset", preset}};
  spec.params_option = "x265-params";
  spec.params = "log-level=error";
  if (variant.empty()) spec.options.push_back({"tune", "psnr"});
  if (variant == "lowdelay") {
    // x265 takes one tune; these are what tune=psnr sets.
    spec.options.push_back({"tune", "zerolatency"});
    spec.params += ":aq-mode=0:psy-rd=0:psy-rdoq=0";
  }
  return spec;
}

LibavSpec SvtAv1(const std::string& preset, const std::string& variant) {
  LibavSpec spec{"svtav1-" + preset, "SVT-AV1 preset " + preset, "libsvtav1", SvtLevels()};
  spec.options = {{"preset", preset}};
  spec.params_option = "svtav1-params";
  // 1 (PSNR) is what it comes with; 0 is for viewers.
  spec.params = variant == "visual" ? "tune=0" : "tune=1";
  if (variant == "lowdelay") spec.params += ":pred-struct=1";  // low delay B
  return spec;
}

LibavSpec Mpeg2() {
  return {"mpeg2video", "MPEG-2 video of libavcodec", "mpeg2video", Mpeg2Levels()};
}

LibavSpec Named(LibavSpec spec, const char* suffix, const char* words, bool in_default_set) {
  spec.name += suffix;
  spec.description += words;
  spec.in_default_set = in_default_set;
  return spec;
}

const std::vector<LibavSpec>& LibavSpecs() {
  constexpr char kTuned[] = ", tune psnr";
  constexpr char kUntuned[] = ", default tuning";
  constexpr char kLive[] = ", low delay (zerolatency), tune psnr";
  static const std::vector<LibavSpec> specs = {
      Named(Mpeg2(), "", ", its defaults, fixed quantizer", true),
      Named(X264("medium", ""), "", kTuned, true),
      Named(X264("veryslow", ""), "", kTuned, true),
      Named(X265("medium", ""), "", kTuned, true),
      Named(X265("veryslow", ""), "", kTuned, true),
      Named(SvtAv1("8", ""), "", kTuned, true),
      Named(SvtAv1("4", ""), "", kTuned, true),
      Named(X264("medium", "default"), "-default", kUntuned, false),
      Named(X264("veryslow", "default"), "-default", kUntuned, false),
      Named(X265("medium", "default"), "-default", kUntuned, false),
      Named(X265("veryslow", "default"), "-default", kUntuned, false),
      Named(SvtAv1("8", "visual"), "-vq", ", tune vq (for viewers)", false),
      Named(SvtAv1("4", "visual"), "-vq", ", tune vq (for viewers)", false),
      Named(X264("medium", "lowdelay"), "-lowdelay", kLive, false),
      Named(X265("medium", "lowdelay"), "-lowdelay", kLive, false),
      // 1.4.1 warns that this mode is not fully implemented.
      Named(SvtAv1("8", "lowdelay"), "-lowdelay", ", low delay (unfinished in 1.4), tune psnr",
            false),
  };
  return specs;
}

const std::vector<FurlSpec>& FurlSpecs() {
  static const std::vector<FurlSpec> specs = {
      {"furl", "furl, medium preset", Preset::kMedium, false, true},
      {"furl-fast", "furl, fast preset", Preset::kFast, false, false},
      {"furl-slow", "furl, slow preset", Preset::kSlow, false, false},
      {"furl-ms-ssim", "furl, medium preset, tune ms-ssim", Preset::kMedium, false, false, "",
       BaseUse::kFull, Tune::kMsSsim},
      {"furl-lowdelay", "furl, medium preset, low delay", Preset::kMedium, true, false},
      {"furl-on-x264", "furl above x264 at half size, all bits", Preset::kMedium, false, false,
       "x264"},
      {"furl-on-x265", "furl above x265 at half size, all bits", Preset::kMedium, false, false,
       "x265"},
      {"furl-on-av1", "furl above SVT-AV1 at half size, all bits", Preset::kMedium, false, false,
       "av1"},
      {"furl-filter-x264", "x264 and a filter that furl fits to it, all bits", Preset::kMedium,
       false, false, "x264", BaseUse::kFilter},
      {"furl-filter-x265", "x265 and a filter that furl fits to it, all bits", Preset::kMedium,
       false, false, "x265", BaseUse::kFilter},
      {"furl-filter-av1", "SVT-AV1 and a filter that furl fits to it, all bits", Preset::kMedium,
       false, false, "av1", BaseUse::kFilter},
  };
  return specs;
}

// Results under another name say in their description whose they are.
FurlSpec Named(FurlSpec spec, const FurlChoice& furl) {
  if (furl.name.empty() || furl.name == spec.name) return spec;
  const model::Model& model = furl.family->family()->model();
  spec.name = furl.name;
  spec.description += ", model " + model.name() + " (" + model.family() + ")";
  return spec;
}

}  // namespace

double LevelScale::Nearest(double level) const {
  return std::clamp(finest + std::round((level - finest) / step) * step, finest, coarsest);
}

std::vector<CodecEntry> AllCodecs() {
  std::vector<CodecEntry> entries;
  for (const FurlSpec& spec : FurlSpecs()) {
    entries.push_back({spec.name, spec.description, spec.in_default_set, /*takes_model=*/true});
  }
  for (const LibavSpec& spec : LibavSpecs()) {
    entries.push_back({spec.name, spec.description, spec.in_default_set, /*takes_model=*/false});
  }
  return entries;
}

std::optional<CodecEntry> FindCodec(const std::string& name) {
  for (CodecEntry& entry : AllCodecs()) {
    if (entry.name == name) return std::move(entry);
  }
  return std::nullopt;
}

Result<CodecPtr> MakeCodec(const std::string& name, const FurlChoice& furl) {
  for (const FurlSpec& spec : FurlSpecs()) {
    if (name != spec.name) continue;
    if (furl.family == nullptr) return Unsupported("no model to measure furl with");
    return MakeFurlCodec(Named(spec, furl), furl.family);
  }
  for (const LibavSpec& spec : LibavSpecs()) {
    if (name == spec.name) return MakeLibavCodec(spec);
  }
  return InvalidArgument("no codec " + name + "; furl eval --list shows them");
}

std::string FurlCodecOf(const nlohmann::json& settings) {
  const auto is = [&](const char* key, const nlohmann::json& value) {
    return settings.is_object() && settings.contains(key) && settings[key] == value;
  };
  const auto has_base = [&](const FurlSpec& spec) {
    if (spec.base.empty()) return !settings.contains("base");
    return is("base", spec.base) &&
           settings.value("filter_only", false) == (spec.base_use == BaseUse::kFilter);
  };
  const bool ms_ssim = is("tune", "ms-ssim");
  for (const FurlSpec& spec : FurlSpecs()) {
    if (is("encoder", "furl") && is("preset", PresetName(spec.preset)) &&
        is("low_delay", spec.low_delay) && has_base(spec) &&
        ms_ssim == (spec.tune == Tune::kMsSsim)) {
      return spec.name;
    }
  }
  return "";
}

Status CheckCancelled(const RunOptions& run) {
  if (run.cancelled && run.cancelled()) return Status(StatusCode::kCancelled, "interrupted");
  return OkStatus();
}

}  // namespace furl::eval
