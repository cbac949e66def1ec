#include "session/settings_tag.h"

#include <fmt/format.h>

#include <cmath>

#include "base/sha256.h"
#include "media/libav/libav_util.h"

namespace furl::session {
namespace {

// What decides on the quality.
std::string QualityText(const EncoderSettings& settings) {
  const RateSettings& rate = settings.rate;
  if (!rate.wanted()) return fmt::format("crf {}", settings.crf);
  return fmt::format("{} bit/s, vbv {}:{}", rate.bits_per_second, rate.most_per_second,
                     rate.buffer_bits);
}

}  // namespace

const char* PresetName(Preset preset) {
  switch (preset) {
    case Preset::kFast: return "fast";
    case Preset::kSlow: return "slow";
    default: return "medium";
  }
}

std::string SettingsText(const EncoderSettings& settings, const model::Model& model) {
  const double gop = std::round(settings.gop_seconds * settings.frame_rate.value());
  return fmt::format("furl {}, model {} {}, {}, preset {}, GOP {:.0f} frames{}", FURL_VERSION,
                     model.name(), ToHex(model.id()), QualityText(settings),
                     PresetName(settings.preset), gop, settings.low_delay ? ", low delay" : "");
}

void SetSettingsTag(const std::string& text, media::VideoInfo* video) {
  DropSettingsTag(video);
  video->tags.emplace_back(kSettingsTag, text);
}

std::string GetSettingsTag(const media::VideoInfo& video) {
  return media::FindTag(video.tags, kSettingsTag);
}

void DropSettingsTag(media::VideoInfo* video) {
  std::erase_if(video->tags, [](const auto& tag) {
    return !media::FindTag({tag}, kSettingsTag).empty() ||
           !media::FindTag({tag}, kCommandTag).empty();
  });
}

}  // namespace furl::session
