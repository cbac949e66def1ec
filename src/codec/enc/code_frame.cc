#include "codec/enc/code_frame.h"

namespace furl {
namespace {

// Takes packets until the encoder answers `end`.
Status Drain(Encoder* encoder, StatusCode end, const PacketSink& take) {
  for (;;) {
    auto packet = encoder->ReceivePacket();
    if (!packet.ok()) return packet.status().code() == end ? OkStatus() : packet.status();
    FURL_RETURN_IF_ERROR(take(std::move(*packet)));
  }
}

}  // namespace

Status CodeFrame(Encoder* encoder, const ConstFramePtr& frame, const Encoder::BaseInput& base,
                 const PacketSink& take) {
  FURL_RETURN_IF_ERROR(encoder->SendFrame(frame, base));
  return Drain(encoder, frame != nullptr ? StatusCode::kTryAgain : StatusCode::kEndOfStream, take);
}

}  // namespace furl
