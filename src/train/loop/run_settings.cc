#include "train/loop/run_settings.h"

#include <cmath>
#include <initializer_list>

namespace furl::train {
namespace {

Status CheckName(const char* setting, const std::string& value,
                 std::initializer_list<const char*> names) {
  std::string known;
  for (const char* name : names) {
    if (value == name) return OkStatus();
    known += std::string(known.empty() ? "" : ", ") + name;
  }
  return InvalidArgument(std::string(setting) + " '" + value + "' is none of " + known);
}

Status CheckRange(const char* setting, double value, double least, double most = INFINITY) {
  if (value >= least && value <= most && std::isfinite(value)) return OkStatus();
  std::string range = "must be at least " + std::to_string(least);
  if (std::isfinite(most)) range += " and at most " + std::to_string(most);
  return InvalidArgument(std::string(setting) + " " + range);
}

Status CheckRanges(const RunSettings& s) {
  constexpr double kMostItems = 1 << 16;
  FURL_RETURN_IF_ERROR(CheckRange("minutes", s.minutes, 0));
  FURL_RETURN_IF_ERROR(CheckRange("steps", static_cast<double>(s.steps), 0));
  FURL_RETURN_IF_ERROR(CheckRange("batch", s.batch, 1, kMostItems));
  FURL_RETURN_IF_ERROR(CheckRange("crop", s.crop, 64, kMostItems));
  FURL_RETURN_IF_ERROR(CheckRange("sequence", s.sequence, 1, kMostItems));
  FURL_RETURN_IF_ERROR(CheckRange("finest-qp", s.finest, 0, kNumQps - 1));
  FURL_RETURN_IF_ERROR(CheckRange("coarsest-qp", s.coarsest, s.finest, kNumQps - 1));
  FURL_RETURN_IF_ERROR(CheckRange("weight-decay", s.weight_decay, 0));
  FURL_RETURN_IF_ERROR(CheckRange("clip", s.clip, 0));
  FURL_RETURN_IF_ERROR(CheckRange("lr", s.learning_rate, 0));
  FURL_RETURN_IF_ERROR(CheckRange("warmup", s.warmup, 0));
  FURL_RETURN_IF_ERROR(CheckRange("decay-part", s.decay_part, 0, 1));
  FURL_RETURN_IF_ERROR(CheckRange("plateau", s.plateau, 0));
  FURL_RETURN_IF_ERROR(CheckRange("qat-part", s.qat_part, 0, 1));
  FURL_RETURN_IF_ERROR(CheckRange("critic-channels", s.critic_channels, 1, 1024));
  FURL_RETURN_IF_ERROR(CheckRange("critic-lr", s.critic_rate, 0));
  FURL_RETURN_IF_ERROR(CheckRange("validate-every", static_cast<double>(s.validate_every), 1));
  FURL_RETURN_IF_ERROR(CheckRange("early-stop", s.early_stop, 0));
  FURL_RETURN_IF_ERROR(CheckRange("save-minutes", s.save_minutes, 0));
  FURL_RETURN_IF_ERROR(CheckRange("keep", s.keep, 0));
  FURL_RETURN_IF_ERROR(CheckRange("brightness", s.brightness, 0, 255));
  FURL_RETURN_IF_ERROR(CheckRange("contrast", s.contrast, 0, 1));
  FURL_RETURN_IF_ERROR(CheckRange("chroma-gain", s.chroma_gain, 0, 1));
  FURL_RETURN_IF_ERROR(CheckRange("noise", s.noise, 0, 30));  // of 8-bit tables
  return CheckRange("threads", s.threads, 1, 1024);
}

}  // namespace

Status CheckSettings(const RunSettings& s) {
  FURL_RETURN_IF_ERROR(CheckRanges(s));
  FURL_RETURN_IF_ERROR(CheckLossWeights(s.losses));
  FURL_RETURN_IF_ERROR(CheckName("optimizer", s.optimizer, {"adamw", "adam", "sgd"}));
  FURL_RETURN_IF_ERROR(
      CheckName("schedule", s.schedule, {"decay", "constant", "cosine", "plateau"}));
  if (s.crop % 64 != 0) return InvalidArgument("crop is no multiple of 64");
  if (s.schedule == "plateau" && s.plateau == 0) {
    return InvalidArgument("the schedule plateau needs a number of validations as plateau");
  }
  return OkStatus();
}

}  // namespace furl::train
