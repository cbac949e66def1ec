// The media types of the plugin. docs/gstreamer.md has their table.

#ifndef FURL_GSTREAMER_CAPS_H_
#define FURL_GSTREAMER_CAPS_H_

// Packets, one a buffer, with the sequence header as codec_data.
#define FURL_PACKET_CAPS "video/x-furl, stream-format=(string)packet"
// The bare stream (docs/bitstream.md), in buffers of any size.
#define FURL_BARE_CAPS "video/x-furl, stream-format=(string)bare"
// A Matroska file with a furl track.
#define FURL_MATROSKA_CAPS "video/x-furl-matroska"
// What GStreamer's demuxer makes of such a track: it knows neither the codec nor how to hand on its
// header.
#define FURL_UNKNOWN_CAPS "video/x-unknown, codec-id=(string)V_FURL"

#define FURL_MATROSKA_CODEC_ID "V_FURL"

#endif  // FURL_GSTREAMER_CAPS_H_
