// furlenc: codes raw video as furl packets or as a bare stream, whichever is wanted behind it.

#ifndef FURL_GSTREAMER_FURL_ENC_H_
#define FURL_GSTREAMER_FURL_ENC_H_

#include <gst/video/gstvideoencoder.h>

G_BEGIN_DECLS
#define FURL_TYPE_ENC (furl_enc_get_type())
G_DECLARE_FINAL_TYPE(FurlEnc, furl_enc, FURL, ENC, GstVideoEncoder)
G_END_DECLS

#endif  // FURL_GSTREAMER_FURL_ENC_H_
