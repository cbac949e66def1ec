// The GStreamer plugin: what it registers. docs/gstreamer.md is its page.

#include <gst/gst.h>

#include "gstreamer/furl_dec.h"
#include "gstreamer/furl_enc.h"
#include "gstreamer/furl_mkv_demux.h"
#include "gstreamer/furl_parse.h"
#include "gstreamer/type_find.h"

#define PACKAGE "furl"  // GST_PLUGIN_DEFINE wants it

static gboolean plugin_init(GstPlugin* plugin) {
  return gst_element_register(plugin, "furldec", GST_RANK_PRIMARY, FURL_TYPE_DEC) &&
         gst_element_register(plugin, "furlenc", GST_RANK_NONE, FURL_TYPE_ENC) &&
         gst_element_register(plugin, "furlparse", GST_RANK_PRIMARY, FURL_TYPE_PARSE) &&
         gst_element_register(plugin, "furlmkvdemux", GST_RANK_PRIMARY, FURL_TYPE_MKV_DEMUX) &&
         furl::gstreamer::RegisterTypeFinders(plugin);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, furl, "The furl video codec", plugin_init,
                  FURL_VERSION, GST_LICENSE_UNKNOWN, "furl", "furl")
