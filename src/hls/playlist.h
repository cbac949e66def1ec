// HLS playlists (RFC 8216) as values: what furl's packages and live streams use of them.

#ifndef FURL_HLS_PLAYLIST_H_
#define FURL_HLS_PLAYLIST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"

namespace furl::hls {

struct Segment {
  std::string uri;
  double seconds = 0;
  std::string init;                // what comes before it (EXT-X-MAP)
  bool apart = false;              // does not continue the one before (EXT-X-DISCONTINUITY)
  std::optional<int64_t> wall_ms;  // when it began, since 1970 in UTC (EXT-X-PROGRAM-DATE-TIME)
};

struct MediaPlaylist {
  int target = 1;        // no segment is longer, rounded to whole seconds
  int64_t sequence = 0;  // number of the first segment
  int64_t breaks = 0;    // segments that stood `apart` and are no longer listed
  bool ended = false;    // there will be no more; else the list is live
  bool sliding = false;  // what comes first may be gone
  // When time zero of the segments was, as Segment::wall_ms; for furl alone, in a comment.
  std::optional<int64_t> origin_ms;
  std::vector<Segment> segments;
};

std::string WriteMediaPlaylist(const MediaPlaylist& list);

// Of what WriteMediaPlaylist writes; all else is passed over. Names lead nowhere out of the
// playlist's folder. kInvalidStream with the line.
Result<MediaPlaylist> ReadMediaPlaylist(const std::string& text);

// "2026-11-30T09:24:52.123Z" and back; years 1970 to 9999.
std::string DateTimeText(int64_t unix_ms);
Result<int64_t> ParseDateTime(const std::string& text);

// Sound or subtitles of their own.
struct Rendition {
  enum class Kind { kSound, kText };
  Kind kind = Kind::kSound;
  std::string name;      // for people; unique among its kind
  std::string language;  // RFC 5646 or as the file has it; empty: unknown
  bool is_default = false;
  bool is_forced = false;  // of text: shown without being asked for
  int channels = 0;        // of sound
  std::string uri;
};

struct Variant {
  std::string uri;
  int64_t peak = 0;  // bits per second of any segment, sound included
  int64_t mean = 0;
  int width = 0;
  int height = 0;
  double frame_rate = 0;
  std::string codecs;  // "avc1.64001f,mp4a.40.2"
};

// All variants go with all renditions.
struct MasterPlaylist {
  std::vector<Rendition> renditions;
  std::vector<Variant> variants;  // players that choose none begin with the first they know
};

std::string WriteMasterPlaylist(const MasterPlaylist& list);

}  // namespace furl::hls

#endif  // FURL_HLS_PLAYLIST_H_
