// BaseSource: where the base of a video comes from, its packets and its pictures alike.

#ifndef FURL_SESSION_BASE_SOURCE_H_
#define FURL_SESSION_BASE_SOURCE_H_

#include <functional>
#include <string>

#include "base/status.h"
#include "bitstream/sequence_header.h"
#include "image/frame.h"
#include "media/media_info.h"

namespace furl::session {

class BaseSource {
 public:
  virtual ~BaseSource() = default;

  // Of its pictures.
  virtual BaseFormat format() const = 0;
  // What it is, for people: "8-bit H.264, lossy (x264, crf 42), 240x136".
  virtual std::string description() const = 0;
  // What it is called where it doesn't fit the video.
  virtual std::string name() const = 0;

  // `info`, of the original, becomes that of the coded video: with the base, and whatever else the
  // base says of it.
  virtual void Describe(media::MediaInfo* info) const = 0;

  // Where things go that are ready, with times in the described video's ticks; what they return is
  // returned by Advance if it isn't OK.
  struct Sinks {
    // Of the base, in decoding order, or of the described info's streams.
    std::function<Status(media::MediaPacket packet)> packet;
    // In display order, as every decoder shows them, each after its packet.
    std::function<Status(const ConstFramePtr& picture)> picture;
  };
  // The original's next picture is there, or null: all are. Then everything that is left goes into
  // the sinks. kEndOfStream where the base has ended before the original.
  virtual Status Advance(const ConstFramePtr& original, const Sinks& sinks) = 0;
};

}  // namespace furl::session

#endif  // FURL_SESSION_BASE_SOURCE_H_
