// The videos in a folder, by the ends of their names.

#ifndef FURL_SESSION_SEARCH_FIND_VIDEOS_H_
#define FURL_SESSION_SEARCH_FIND_VIDEOS_H_

#include <string>
#include <vector>

#include "base/status.h"

namespace furl::session {

// Of a folder all videos and pictures in it and in folders below, but for hidden ones; links are
// not followed. Of a file that file, whatever its name. Absolute paths, sorted, each once. kIo
// where there is no such thing.
Result<std::vector<std::string>> FindVideos(const std::vector<std::string>& inputs);

}  // namespace furl::session

#endif  // FURL_SESSION_SEARCH_FIND_VIDEOS_H_
