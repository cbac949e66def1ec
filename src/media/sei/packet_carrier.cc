#include "media/sei/packet_carrier.h"

#include <algorithm>
#include <utility>

#include "bitstream/user_data.h"
#include "media/sei/user_data_sei.h"

namespace furl::media {

Status PacketCarrier::Put(MediaPacket packet, const TakeFn& take) {
  if (packet.stream == kBaseStream) {
    bases_.push_back(std::move(packet));
    return OkStatus();
  }
  if (packet.key) {
    const auto begins = [&packet](const MediaPacket& base) { return base.pts == packet.pts; };
    const auto found = std::find_if(bases_.begin(), bases_.end(), begins);
    if (found == bases_.end()) return InternalError("a GOP begins where the base has no picture");
    FURL_RETURN_IF_ERROR(EmitGop(static_cast<size_t>(found - bases_.begin()), take));
  }
  packets_.push_back(std::move(packet));
  return OkStatus();
}

Status PacketCarrier::Finish(const TakeFn& take) { return EmitGop(bases_.size(), take); }

Status PacketCarrier::EmitGop(size_t end, const TakeFn& take) {
  for (size_t i = 0; i < end; ++i) {
    MediaPacket base = std::move(bases_.front());
    bases_.pop_front();
    const size_t share = i + 1 < end ? std::min<size_t>(packets_.size(), 1) : packets_.size();
    FURL_RETURN_IF_ERROR(Emit(std::move(base), share, take));
  }
  return packets_.empty() ? OkStatus() : InternalError("the base has no packet to carry furl's");
}

Status PacketCarrier::Emit(MediaPacket base, size_t packets, const TakeFn& take) {
  std::vector<std::vector<uint8_t>> messages;
  for (size_t i = 0; i < packets; ++i) {
    const MediaPacket& packet = packets_.front();
    if (packet.key) messages.push_back(WriteUserData(UserDataHeader{header_}));
    messages.push_back(WriteUserData(
        UserDataPacket{packet.data, packet.pts - base.pts, packet.duration, packet.key}));
    packets_.pop_front();
  }
  if (!messages.empty()) {
    FURL_ASSIGN_OR_RETURN(base.data, InsertUserData(form_, base.data, messages));
  }
  return take(std::move(base));
}

}  // namespace furl::media
