// The loop around an encoder, for all who drive one.

#ifndef FURL_CODEC_ENC_CODE_FRAME_H_
#define FURL_CODEC_ENC_CODE_FRAME_H_

#include <functional>

#include "base/status.h"
#include "codec/enc/encoder.h"

namespace furl {

// Receives packets in coding order; an error ends the coding.
using PacketSink = std::function<Status(EncodedPacket packet)>;

// Gives `frame` (null: there are no more), and its base where there is one, to the encoder and
// every packet that is then ready to `take`. After null all have been taken. Errors are those of
// both.
Status CodeFrame(Encoder* encoder, const ConstFramePtr& frame, const Encoder::BaseInput& base,
                 const PacketSink& take);
inline Status CodeFrame(Encoder* encoder, const ConstFramePtr& frame, const PacketSink& take) {
  return CodeFrame(encoder, frame, {}, take);
}

}  // namespace furl

#endif  // FURL_CODEC_ENC_CODE_FRAME_H_
