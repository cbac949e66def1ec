// furlparse: takes a bare stream apart into packets with their times; it can seek.

#ifndef FURL_GSTREAMER_FURL_PARSE_H_
#define FURL_GSTREAMER_FURL_PARSE_H_

#include <gst/base/gstbaseparse.h>

G_BEGIN_DECLS
#define FURL_TYPE_PARSE (furl_parse_get_type())
G_DECLARE_FINAL_TYPE(FurlParse, furl_parse, FURL, PARSE, GstBaseParse)
G_END_DECLS

#endif  // FURL_GSTREAMER_FURL_PARSE_H_
