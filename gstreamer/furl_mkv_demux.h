// furlmkvdemux: GStreamer's Matroska demuxer, with furl tracks named as what they are.

#ifndef FURL_GSTREAMER_FURL_MKV_DEMUX_H_
#define FURL_GSTREAMER_FURL_MKV_DEMUX_H_

#include <gst/gst.h>

G_BEGIN_DECLS
#define FURL_TYPE_MKV_DEMUX (furl_mkv_demux_get_type())
G_DECLARE_FINAL_TYPE(FurlMkvDemux, furl_mkv_demux, FURL, MKV_DEMUX, GstBin)
G_END_DECLS

#endif  // FURL_GSTREAMER_FURL_MKV_DEMUX_H_
