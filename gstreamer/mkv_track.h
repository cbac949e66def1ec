// A track of furlmkvdemux: passes everything on, but says what is in it.

#ifndef FURL_GSTREAMER_MKV_TRACK_H_
#define FURL_GSTREAMER_MKV_TRACK_H_

#include <gst/gst.h>

#include <cstdint>
#include <span>

G_BEGIN_DECLS
#define FURL_TYPE_MKV_TRACK (furl_mkv_track_get_type())
G_DECLARE_FINAL_TYPE(FurlMkvTrack, furl_mkv_track, FURL, MKV_TRACK, GstElement)
G_END_DECLS

namespace furl::gstreamer {

// A track with that sequence header. The caller gets a floating reference; null if the header can't
// be used.
GstElement* NewMkvTrack(std::span<const uint8_t> header);

}  // namespace furl::gstreamer

#endif  // FURL_GSTREAMER_MKV_TRACK_H_
