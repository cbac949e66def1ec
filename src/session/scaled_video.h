// A video at another size.

#ifndef FURL_SESSION_SCALED_VIDEO_H_
#define FURL_SESSION_SCALED_VIDEO_H_

#include <memory>

#include "media/video_reader.h"

namespace furl::session {

// The frames of `source` scaled to `width` x `height` (bicubic, colours as they
// are), with its times and packets.
std::unique_ptr<media::VideoReader> MakeScaledVideo(std::unique_ptr<media::VideoReader> source,
                                                    int width, int height);

}  // namespace furl::session

#endif  // FURL_SESSION_SCALED_VIDEO_H_
