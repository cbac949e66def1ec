// The loop around a decoder, for all who drive one.

#ifndef FURL_CODEC_DEC_DECODE_PACKET_H_
#define FURL_CODEC_DEC_DECODE_PACKET_H_

#include <cstdint>
#include <functional>
#include <span>
#include <utility>

#include "base/status.h"
#include "bitstream/packet.h"
#include "codec/dec/decoder.h"
#include "image/frame.h"

namespace furl {

// Receives pictures in display order, or why one of them can't be shown; an error that it
// returns ends the decoding.
using PictureSink = std::function<Status(Result<ConstFramePtr> picture)>;

// Gives `take` the pictures that a Decoder or HybridDecoder has ready. What it returns is returned
// if it isn't OK.
template <typename AnyDecoder>
Status TakeReady(AnyDecoder* decoder, const PictureSink& take) {
  for (;;) {
    Result<ConstFramePtr> picture = decoder->ReceiveFrame();
    const StatusCode code = picture.status().code();
    if (code == StatusCode::kTryAgain || code == StatusCode::kEndOfStream) return OkStatus();
    FURL_RETURN_IF_ERROR(take(std::move(picture)));
  }
}

// Sends such a decoder something by `send`, which returns a Status, and takes what is then ready.
template <typename AnyDecoder, typename Send>
Status SendAndTake(AnyDecoder* decoder, const Send& send, const PictureSink& take) {
  Status sent = send();
  if (sent.code() == StatusCode::kTryAgain) {
    FURL_RETURN_IF_ERROR(TakeReady(decoder, take));
    sent = send();  // it has room now
  }
  FURL_RETURN_IF_ERROR(sent);
  return TakeReady(decoder, take);
}

// Gives one packet to the decoder and every picture that is then ready to `take`. An error is
// that of `take` or of the packet; behind a damaged packet decoding may go on with the next
// one. Never kTryAgain.
Status DecodePacket(Decoder* decoder, std::span<const uint8_t> data, const FrameTag& tag,
                    const PictureSink& take);

// The same for a packet that the caller has parsed, and its base (Decoder::SendParsed).
Status DecodeParsed(Decoder* decoder, const Result<PacketView>& packet, const FrameTag& tag,
                    const ConstFramePtr& base, const PictureSink& take);

// There are no more packets: gives all pictures that are left to `take`, whose errors end it.
Status FlushDecoder(Decoder* decoder, const PictureSink& take);

}  // namespace furl

#endif  // FURL_CODEC_DEC_DECODE_PACKET_H_
