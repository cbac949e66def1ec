// Text subtitles between the forms that containers keep them in.

#ifndef FURL_MEDIA_TEXT_SUBTITLES_H_
#define FURL_MEDIA_TEXT_SUBTITLES_H_

#include <cstdint>
#include <span>

#include "media/media_info.h"
#include "media/styled_text.h"

namespace furl::media {

// Whether ReadText knows the stream's codec: SubRip, plain, WebVTT, ASS and
// mp4 text.
bool IsTextSubtitle(const StreamInfo& stream);

// The text of one packet.
StyledText ReadText(const StreamInfo& stream, std::span<const uint8_t> data);

}  // namespace furl::media

#endif  // FURL_MEDIA_TEXT_SUBTITLES_H_
