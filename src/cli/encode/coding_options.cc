#include "cli/encode/coding_options.h"

#include <map>

#include "cli/encode/input_options.h"
#include "cli/options/choice.h"
#include "cli/options/option_use.h"
#include "codec/common/quality_scale.h"

namespace furl::cli {
namespace {

const std::map<std::string, BaseUse> kBaseUses = {
    {"auto", BaseUse::kAuto}, {"filter", BaseUse::kFilter}, {"full", BaseUse::kFull}};

}  // namespace

CLI::Option* AddQuality(CLI::App* app, EncodeOptions* o) {
  CLI::Option* crf = app->add_option("--crf", o->crf, "Quality: 0 (best) to 63 (smallest)")
                         ->check(Number(kMinCrf, kMaxCrf))
                         ->capture_default_str();
  AddPreset(app, &o->preset);
  AddTune(app, &o->tune);
  return crf;
}

void AddModel(CLI::App* app, EncodeOptions* o) {
  app->add_option(
      "--model", o->model,
      "Model file, folder with a default model, or name or id of a model (furl models)");
  app->add_option("--family", o->family,
                  "Codec family, e.g. squeeze: takes the first model of it (furl models)");
}

void AddEnhancement(CLI::App* app, const std::string& group, EncodeOptions* o) {
  AddChoice(app, "--enhance", kBaseUses, &o->base_use, "auto",
            "What is added: full (pictures of its own), filter (taps for a filter of the base's "
            "pictures, next to no bits), auto (what costs least, GOP by GOP)",
            group.c_str());
}

}  // namespace furl::cli
