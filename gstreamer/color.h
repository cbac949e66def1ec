// Colours of streams (code points of ITU-T H.273) and of GStreamer.

#ifndef FURL_GSTREAMER_COLOR_H_
#define FURL_GSTREAMER_COLOR_H_

#include <furl/furl.h>
#include <gst/video/video.h>

namespace furl::gstreamer {

// Sets what `color` specifies and leaves the rest as it is.
void ApplyColor(const furl_color& color, GstVideoInfo* info);

// What GStreamer says of a video's colours; unspecified where it doesn't know.
furl_color ColorOf(const GstVideoInfo& info);

}  // namespace furl::gstreamer

#endif  // FURL_GSTREAMER_COLOR_H_
