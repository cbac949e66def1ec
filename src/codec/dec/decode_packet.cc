#include "codec/dec/decode_packet.h"

#include <utility>

namespace furl {
namespace {

// Takes pictures until the decoder has none ready.
Status Drain(Decoder* decoder, const PictureSink& take) {
  for (;;) {
    Result<ConstFramePtr> picture = decoder->ReceiveFrame();
    const StatusCode code = picture.status().code();
    if (code == StatusCode::kTryAgain || code == StatusCode::kEndOfStream) return OkStatus();
    FURL_RETURN_IF_ERROR(take(std::move(picture)));
  }
}

}  // namespace

Status DecodePacket(Decoder* decoder, std::span<const uint8_t> data, const FrameTag& tag,
                    const PictureSink& take) {
  return DecodeParsed(decoder, ParsePacket(data), tag, nullptr, take);
}

Status DecodeParsed(Decoder* decoder, const Result<PacketView>& packet, const FrameTag& tag,
                    const ConstFramePtr& base, const PictureSink& take) {
  Status sent = decoder->SendParsed(packet, tag, base);
  if (sent.code() == StatusCode::kTryAgain) {
    FURL_RETURN_IF_ERROR(Drain(decoder, take));
    sent = decoder->SendParsed(packet, tag, base);  // A drained decoder has room.
  }
  FURL_RETURN_IF_ERROR(sent);
  return Drain(decoder, take);
}

Status FlushDecoder(Decoder* decoder, const PictureSink& take) {
  FURL_RETURN_IF_ERROR(decoder->Flush());
  return Drain(decoder, take);
}

}  // namespace furl
