#include "gstreamer/mkv_tracks.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "gstreamer/caps.h"
#include "media/matroska/ebml_cursor.h"
#include "media/matroska/matroska_ids.h"

namespace furl::gstreamer {
namespace {

using media::EbmlCursor;
using media::EbmlHead;
using Answer = MkvTracks::Answer;

std::string_view Text(std::span<const uint8_t> bytes) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return text.substr(0, text.find('\0'));  // padding is allowed
}

void ReadTrack(std::span<const uint8_t> entry, std::vector<MkvTrack>* furl) {
  MkvTrack track;
  bool is_furl = false;
  for (EbmlCursor element(entry); element.Next();) {
    const std::span<const uint8_t> content = element.content();
    switch (element.id()) {
      case media::mkv::kTrackNumber:
        if (content.size() <= 8) track.number = media::ReadEbmlUint(content);
        break;
      case media::mkv::kCodecId: is_furl = Text(content) == FURL_MATROSKA_CODEC_ID; break;
      case media::mkv::kCodecPrivate: track.header.assign(content.begin(), content.end()); break;
      default: break;
    }
  }
  if (is_furl) furl->push_back(std::move(track));
}

// The next element's head; where the bytes end within it, nothing, and `answer` says what that
// means.
std::optional<EbmlHead> Head(std::span<const uint8_t> rest, Answer* answer) {
  const auto head = media::ReadEbmlHead(rest);
  if (!head) *answer = rest.size() < media::kMaxEbmlHead ? Answer::kMore : Answer::kNothing;
  return head;
}

// Past the EBML header, into the segment. Nothing, and the answer, where these bytes are not of a
// Matroska file or end too soon.
std::optional<std::span<const uint8_t>> Segment(std::span<const uint8_t> begin, Answer* answer) {
  const auto ebml = Head(begin, answer);
  if (!ebml || ebml->id != media::mkv::kEbml) return std::nullopt;
  *answer = Answer::kMore;
  if (ebml->size > begin.size() - ebml->head_size) return std::nullopt;
  const auto rest = begin.subspan(ebml->head_size + static_cast<size_t>(ebml->size));
  const auto segment = Head(rest, answer);
  if (!segment || segment->id != media::mkv::kSegment) return std::nullopt;
  return rest.subspan(segment->head_size);
}

}  // namespace

MkvTracks FindMkvTracks(std::span<const uint8_t> begin) {
  MkvTracks found;
  const auto segment = Segment(begin, &found.answer);
  if (!segment) return found;
  std::span<const uint8_t> rest = *segment;
  for (;;) {
    const auto head = Head(rest, &found.answer);
    if (!head) return found;
    found.answer = Answer::kNothing;
    if (head->id == media::mkv::kCluster) return found;
    rest = rest.subspan(head->head_size);
    if (head->size > rest.size()) {  // also where it is unknown
      if (head->size <= kMostMkvHead) found.answer = Answer::kMore;
      return found;
    }
    const auto content = rest.first(static_cast<size_t>(head->size));
    rest = rest.subspan(content.size());
    if (head->id != media::mkv::kTracks) continue;
    found.answer = Answer::kFound;
    for (EbmlCursor element(content); element.Next();) {
      if (element.id() == media::mkv::kTrackEntry) ReadTrack(element.content(), &found.furl);
    }
    return found;
  }
}

}  // namespace furl::gstreamer
