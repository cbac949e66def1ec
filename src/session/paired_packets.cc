#include "session/paired_packets.h"

#include <utility>

namespace furl::session {

Result<PairedPackets> PairedPackets::Create(media::CodedReader* reader, int threads) {
  PairedPackets packets;
  packets.reader_ = reader;
  if (reader->info().base) {
    FURL_ASSIGN_OR_RETURN(packets.pairing_, BasePairing::Create(*reader->info().base, threads));
  }
  return packets;
}

Status PairedPackets::ForEach(const Hooks& hooks, const BasePairing::PairSink& take,
                              const DamageFn& damage) {
  for (;;) {
    FURL_RETURN_IF_ERROR(hooks.CheckCancelled("interrupted"));
    auto packet = reader_->Next();
    if (!packet.ok() && packet.status().code() == StatusCode::kEndOfStream) break;
    if (!packet.ok()) {
      if (packet.status().code() != StatusCode::kInvalidStream) return packet.status();
      damage(packet.status().message());
      continue;
    }
    FURL_RETURN_IF_ERROR(Take(std::move(*packet), take));
  }
  return pairing_ != nullptr ? pairing_->Finish(take) : OkStatus();
}

Status PairedPackets::Take(media::MediaPacket packet, const BasePairing::PairSink& take) {
  if (packet.stream >= 0) return OkStatus();
  if (pairing_ == nullptr) return take(packet, nullptr);
  FURL_RETURN_IF_ERROR(pairing_->Take(std::move(packet), take));
  while (pairing_->bases().size() > BasePairing::kMostBases) {
    pairing_->Release(pairing_->bases().begin()->first);
  }
  return OkStatus();
}

}  // namespace furl::session
