// Formats that are lists of other files: playlists, manifests, session descriptions. Under a name
// that doesn't say so (media/input_path.h) they are not opened.

#ifndef FURL_MEDIA_LIBAV_LIST_FORMATS_H_
#define FURL_MEDIA_LIBAV_LIST_FORMATS_H_

#include <string>

#include "media/libav/libav_util.h"

namespace furl::media {

bool IsListFormat(const AVInputFormat& format);

// The names of all other demuxers, as libavformat's format_whitelist takes them.
std::string FormatsWithoutLists();

// What the regular file `path` seems to hold, by its first bytes; null if that is unknown.
const AVInputFormat* ProbeFile(const std::string& path);

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_LIST_FORMATS_H_
