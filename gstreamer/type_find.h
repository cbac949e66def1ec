// How GStreamer tells furl's files from others.

#ifndef FURL_GSTREAMER_TYPE_FIND_H_
#define FURL_GSTREAMER_TYPE_FIND_H_

#include <gst/gst.h>

namespace furl::gstreamer {

// False where GStreamer takes no type finders.
bool RegisterTypeFinders(GstPlugin* plugin);

}  // namespace furl::gstreamer

#endif  // FURL_GSTREAMER_TYPE_FIND_H_
