// The tag that says how a file was made.

#ifndef FURL_SESSION_SETTINGS_TAG_H_
#define FURL_SESSION_SETTINGS_TAG_H_

#include <string>

#include "codec/enc/encoder_settings.h"
#include "media/media_info.h"
#include "model/model_file.h"

namespace furl::session {

// Of the video track, by Matroska's own name for it.
inline constexpr char kSettingsTag[] = "ENCODER_SETTINGS";

// How it is made again (session/command_tag.h).
inline constexpr char kCommandTag[] = "FURL_COMMAND";

// "medium", as the tool's options have it.
const char* PresetName(Preset preset);

// "furl 0.1.0, model transform-s 0123456789abcdef, crf 32, preset medium, GOP 50 frames".
std::string SettingsText(const EncoderSettings& settings, const model::Model& model);

// Replaces what the source's encoder said of itself.
void SetSettingsTag(const std::string& text, media::VideoInfo* video);

// Empty if there is none.
std::string GetSettingsTag(const media::VideoInfo& video);

// For video that is coded anew: how it is made again goes as well.
void DropSettingsTag(media::VideoInfo* video);

}  // namespace furl::session

#endif  // FURL_SESSION_SETTINGS_TAG_H_
