// OtherStreams: packets of sound and subtitles as they go along: as they are or, sound, coded anew.

#ifndef FURL_MEDIA_READ_OTHER_STREAMS_H_
#define FURL_MEDIA_READ_OTHER_STREAMS_H_

#include <memory>
#include <vector>

#include "base/status.h"
#include "media/libav/libav_demuxer.h"
#include "media/libav/sound_encoder.h"
#include "media/stream_choice.h"

namespace furl::media {

class OtherStreams {
 public:
  // Of `info`'s streams: what comes out replaces those that are coded anew. kUnsupported if that
  // can't be done.
  Status Open(const StreamChoice& sound, MediaInfo* info);

  // Appends to `out` what a packet of stream `stream` becomes; it comes later where an encoder
  // waits for more.
  Status Take(const LibavDemuxer& demuxer, const AVPacket& packet, int stream,
              std::vector<MediaPacket>* out);
  // What encoders still hold.
  Status End(std::vector<MediaPacket>* out);

 private:
  Status Encode(size_t stream, const AVPacket* packet, std::vector<MediaPacket>* out);

  std::vector<std::unique_ptr<SoundEncoder>> encoders_;  // by stream; null: copied
};

}  // namespace furl::media

#endif  // FURL_MEDIA_READ_OTHER_STREAMS_H_
