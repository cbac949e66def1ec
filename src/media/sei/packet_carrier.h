// PacketCarrier: furl's packets into the packets of their base, as SEI.
//
// A base's packets are in its decoding order, furl's in their coding order, and both orders must
// stay. So of a GOP the first packet of furl's goes into the first of the base's, the second into
// the second, and what is left over into the last. Each says how far its time is from that of the
// packet that carries it.

#ifndef FURL_MEDIA_SEI_PACKET_CARRIER_H_
#define FURL_MEDIA_SEI_PACKET_CARRIER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "base/status.h"
#include "media/media_info.h"
#include "media/sei/nal_units.h"

namespace furl::media {

class PacketCarrier {
 public:
  // The sequence header goes into every packet of the base that a GOP of furl's begins in.
  PacketCarrier(const NalForm& form, std::span<const uint8_t> sequence_header)
      : form_(form), header_(sequence_header.begin(), sequence_header.end()) {}

  using TakeFn = std::function<Status(MediaPacket packet)>;
  // A packet of stream kBaseStream or kVideoStream; before a key packet of furl's that of the base
  // of its time has come. Gives `take` those of the base that are complete, and what it returns is
  // returned if it isn't OK.
  Status Put(MediaPacket packet, const TakeFn& take);
  // There are no more.
  Status Finish(const TakeFn& take);

 private:
  // Those of the base before `end`, which is where the next GOP begins.
  Status EmitGop(size_t end, const TakeFn& take);
  Status Emit(MediaPacket base, size_t packets, const TakeFn& take);

  const NalForm form_;
  const std::vector<uint8_t> header_;
  std::deque<MediaPacket> bases_;
  std::deque<MediaPacket> packets_;  // of furl's current GOP
};

}  // namespace furl::media

#endif  // FURL_MEDIA_SEI_PACKET_CARRIER_H_
