// Videos that are to be encoded.

#ifndef FURL_SESSION_ORIGINAL_VIDEO_H_
#define FURL_SESSION_ORIGINAL_VIDEO_H_

#include <memory>
#include <string>

#include "base/status.h"
#include "media/video_reader.h"

namespace furl::session {

// As media::OpenVideo, but hybrid files, in which furl adds to a base, show both, as they do
// everywhere else. kWrongModel where the model of their stream isn't found.
Result<std::unique_ptr<media::VideoReader>> OpenOriginal(const std::string& path,
                                                         const media::ReaderOptions& options);

}  // namespace furl::session

#endif  // FURL_SESSION_ORIGINAL_VIDEO_H_
