#include "codec/dec/decode_packet.h"

namespace furl {

Status DecodePacket(Decoder* decoder, std::span<const uint8_t> data, const FrameTag& tag,
                    const PictureSink& take) {
  return DecodeParsed(decoder, ParsePacket(data), tag, nullptr, take);
}

Status DecodeParsed(Decoder* decoder, const Result<PacketView>& packet, const FrameTag& tag,
                    const ConstFramePtr& base, const PictureSink& take) {
  return SendAndTake(
      decoder, [&] { return decoder->SendParsed(packet, tag, base); }, take);
}

Status FlushDecoder(Decoder* decoder, const PictureSink& take) {
  FURL_RETURN_IF_ERROR(decoder->Flush());
  return TakeReady(decoder, take);
}

}  // namespace furl
