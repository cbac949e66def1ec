// FrameCoder: what makes packets of frames, be it an encoder or somebody who knows them already.

#ifndef FURL_SESSION_FRAME_CODER_H_
#define FURL_SESSION_FRAME_CODER_H_

#include <functional>

#include "base/status.h"
#include "image/frame.h"
#include "media/media_info.h"

namespace furl::session {

class FrameCoder {
 public:
  virtual ~FrameCoder() = default;

  // Gives `take` what is ready when `frame`, or null for the end, has come, in the order that files
  // have it: of stream kVideoStream, kBaseStream or, where a base file brings them along, others.
  // What it returns is returned if it isn't OK.
  using TakeFn = std::function<Status(const media::MediaPacket& packet)>;
  virtual Status Code(const ConstFramePtr& frame, const TakeFn& take) = 0;
};

}  // namespace furl::session

#endif  // FURL_SESSION_FRAME_CODER_H_
