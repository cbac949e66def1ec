// Text of subtitles without its markup, and where it is bold, italic or
// underlined: what SubRip, WebVTT, ASS and mp4 text have in common.

#ifndef FURL_MEDIA_STYLED_TEXT_H_
#define FURL_MEDIA_STYLED_TEXT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace furl::media {

// The bits of 3GPP timed text.
inline constexpr uint8_t kBold = 1;
inline constexpr uint8_t kItalic = 2;
inline constexpr uint8_t kUnderline = 4;

struct StyledText {
  struct Run {
    int begin = 0;  // in characters, not bytes
    int end = 0;
    uint8_t face = 0;  // of the bits above
    bool operator==(const Run&) const = default;
  };
  std::string text;  // UTF-8
  std::vector<Run> runs;
};

// Of SubRip: <b>, <i> and <u> are understood, <s>, <font> and {\codes} removed;
// any other bracket is text.
StyledText ParseSubRip(std::string_view text);
// Of WebVTT: all tags but the three are removed, character references resolved.
StyledText ParseWebVtt(std::string_view text);
// Of a packet of ASS, "ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text".
StyledText ParseAss(std::string_view event);
// Of a sample of 3GPP timed text (mov_text).
StyledText ParseMovText(std::span<const uint8_t> sample);

// SubRip's markup.
std::string ToSubRip(const StyledText& text);
// A sample of 3GPP timed text whose sample entry is MovTextSampleEntry().
std::vector<uint8_t> ToMovText(const StyledText& text);
std::vector<uint8_t> MovTextSampleEntry();

}  // namespace furl::media

#endif  // FURL_MEDIA_STYLED_TEXT_H_
