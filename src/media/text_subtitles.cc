#include "media/text_subtitles.h"

#include <string_view>

#include "media/libav_util.h"

namespace furl::media {

bool IsTextSubtitle(const StreamInfo& stream) {
  switch (stream.params->codec_id) {
    case AV_CODEC_ID_SUBRIP:
    case AV_CODEC_ID_TEXT:
    case AV_CODEC_ID_WEBVTT:
    case AV_CODEC_ID_ASS:
    case AV_CODEC_ID_MOV_TEXT: return true;
    default: return false;
  }
}

StyledText ReadText(const StreamInfo& stream, std::span<const uint8_t> data) {
  const std::string_view text(reinterpret_cast<const char*>(data.data()), data.size());
  switch (stream.params->codec_id) {
    case AV_CODEC_ID_MOV_TEXT: return ParseMovText(data);
    case AV_CODEC_ID_ASS: return ParseAss(text);
    case AV_CODEC_ID_WEBVTT: return ParseWebVtt(text);
    case AV_CODEC_ID_SUBRIP: return ParseSubRip(text);
    default: return {std::string(text), {}};
  }
}

}  // namespace furl::media
