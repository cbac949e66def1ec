// Packets and parameters of copied streams as the rest of furl takes them.

#ifndef FURL_MEDIA_LIBAV_PACKET_FORM_H_
#define FURL_MEDIA_LIBAV_PACKET_FORM_H_

#include <memory>

#include "base/status.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"

namespace furl::media {

// A copy of what libavformat says of a stream, and of what it doesn't know but hands on.
// kOutOfMemory.
Result<std::shared_ptr<const AVCodecParameters>> KnownParameters(const AVCodecParameters& params);

// All but the stream's number. `web_vtt`: the packet is a cue, which Matroska keeps in parts.
MediaPacket PacketFromAv(const AVPacket& packet, bool web_vtt);

// The other way; a missing dts becomes the pts. kOutOfMemory.
Result<AvPacketPtr> PacketToAv(const MediaPacket& packet);

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_PACKET_FORM_H_
