// What files are, by their names: the type that browsers and players are told, and how long caches
// may keep them.

#ifndef FURL_SERVE_MEDIA_TYPE_H_
#define FURL_SERVE_MEDIA_TYPE_H_

#include <string>
#include <string_view>

namespace furl::serve {

enum class FileKind {
  kOther,
  kPlaylist,  // HLS or DASH
  kVideo,     // a whole video
  kPage,      // HTML
  kScript,
};

// The value of Content-Type.
std::string_view ContentType(std::string_view name);

FileKind KindOf(std::string_view name);

// Whether it is a part of a package with a name of its own, as furl's and ffmpeg's are:
// "video-00012.mkv", "list7.m4s", "list7.ts", "text-00003.vtt"; not what comes before them
// ("video-init.mkv").
bool IsSegment(std::string_view name);

// The value of Cache-Control. Only segments may be kept without asking again; all else is asked
// for with its ETag each time, as playlists of live streams must be. `segment_seconds` is how long
// segments may be kept; 0: asked for too.
std::string CacheControl(std::string_view name, int segment_seconds);

}  // namespace furl::serve

#endif  // FURL_SERVE_MEDIA_TYPE_H_
