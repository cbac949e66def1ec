// furldec: decodes furl packets to raw video.

#ifndef FURL_GSTREAMER_FURL_DEC_H_
#define FURL_GSTREAMER_FURL_DEC_H_

#include <gst/video/gstvideodecoder.h>

G_BEGIN_DECLS
#define FURL_TYPE_DEC (furl_dec_get_type())
G_DECLARE_FINAL_TYPE(FurlDec, furl_dec, FURL, DEC, GstVideoDecoder)
G_END_DECLS

#endif  // FURL_GSTREAMER_FURL_DEC_H_
