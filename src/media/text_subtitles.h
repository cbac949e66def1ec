// Text subtitles between the forms that containers keep them in.

#ifndef FURL_MEDIA_TEXT_SUBTITLES_H_
#define FURL_MEDIA_TEXT_SUBTITLES_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "media/media_info.h"

namespace furl::media {

// Whether PlainText knows the stream's codec: SubRip, plain, WebVTT, ASS and
// mp4 text.
bool IsTextSubtitle(const StreamInfo& stream);

// The readable text of one packet; markup of ASS is removed.
std::string PlainText(const StreamInfo& stream, std::span<const uint8_t> data);

// A 3GPP timed text (mov_text) sample, and the sample entry all of them share.
std::vector<uint8_t> MovTextSample(const std::string& text);
std::vector<uint8_t> MovTextSampleEntry();

}  // namespace furl::media

#endif  // FURL_MEDIA_TEXT_SUBTITLES_H_
