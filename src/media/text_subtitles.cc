#include "media/text_subtitles.h"

#include <algorithm>

#include "media/libav_util.h"
#include "media/matroska_codecs.h"

namespace furl::media {
namespace {

// A packet of ASS is "ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,
// Effect,Text".
constexpr int kAssFieldsBeforeText = 8;

std::string AssText(std::string_view line) {
  for (int field = 0; field < kAssFieldsBeforeText; ++field) {
    const size_t comma = line.find(',');
    if (comma == std::string_view::npos) return {};
    line.remove_prefix(comma + 1);
  }
  std::string text;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '{') {  // override codes
      const size_t end = line.find('}', i);
      if (end == std::string_view::npos) break;
      i = end;
    } else if (line[i] == '\\' && i + 1 < line.size() &&
               (line[i + 1] == 'N' || line[i + 1] == 'n')) {
      text += '\n';
      ++i;
    } else {
      text += line[i];
    }
  }
  return text;
}

}  // namespace

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

std::string PlainText(const StreamInfo& stream, std::span<const uint8_t> data) {
  if (stream.params->codec_id == AV_CODEC_ID_MOV_TEXT) data = MovTextContent(data);
  const std::string_view text(reinterpret_cast<const char*>(data.data()), data.size());
  if (stream.params->codec_id == AV_CODEC_ID_ASS) return AssText(text);
  return std::string(text);
}

std::vector<uint8_t> MovTextSample(const std::string& text) {
  const size_t size = std::min<size_t>(text.size(), 0xFFFF);
  std::vector<uint8_t> sample(2 + size);
  sample[0] = static_cast<uint8_t>(size >> 8);
  sample[1] = static_cast<uint8_t>(size);
  std::copy_n(text.begin(), size, sample.begin() + 2);
  return sample;
}

std::vector<uint8_t> MovTextSampleEntry() {
  // 3GPP TS 26.245: centered at the bottom, white on nothing, one font.
  return {0, 0, 0, 0,   1,   0xFF, 0,   0,   0,   0,              // flags, place, background
          0, 0, 0, 0,   0,   0,    0,   0,                        // text box
          0, 0, 0, 0,   0,   1,    0,   16,  255, 255, 255, 255,  // style
          0, 0, 0, 18,  'f', 't',  'a', 'b', 0,   1,              // font table
          0, 1, 5, 'A', 'r', 'i',  'a', 'l'};
}

}  // namespace furl::media
