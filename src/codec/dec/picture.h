// Picture: a frame on its way through the decoder, shared by the job that
// decodes it, the jobs that refer to it and the output queue.

#ifndef FURL_CODEC_DEC_PICTURE_H_
#define FURL_CODEC_DEC_PICTURE_H_

#include <memory>
#include <vector>

#include "base/status.h"
#include "bitstream/packet.h"
#include "codec/common/reference.h"

namespace furl {

struct Picture {
  enum class State { kWaiting, kRunning, kDone };

  std::vector<uint8_t> packet;  // freed when decoded
  PacketView view;              // of `packet`; afterwards only the header
  int64_t pts = 0;
  int64_t duration = 0;
  std::shared_ptr<Picture> refs[2];  // freed when decoded
  // Guarded by the decoder's mutex until kDone, constant then:
  State state = State::kWaiting;
  Status status;           // why there is no exact picture
  ReferencePtr reference;  // null if status is not OK

  const FrameHeader& header() const { return view.header; }
};

using PicturePtr = std::shared_ptr<Picture>;

}  // namespace furl

#endif  // FURL_CODEC_DEC_PICTURE_H_
