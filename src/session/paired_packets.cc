#include "session/paired_packets.h"

#include <utility>

namespace furl::session {

Result<PairedPackets> PairedPackets::Create(media::CodedReader* reader, int threads) {
  const auto& base = reader->info().base;
  PairedPackets packets(reader, base ? base->time_slack : 0);
  if (base) {
    FURL_ASSIGN_OR_RETURN(packets.base_, media::BaseDecoder::Create(*base, threads));
  }
  return packets;
}

Status PairedPackets::ForEach(const Hooks& hooks, const PairSink& take, const DamageFn& damage) {
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
  if (!has_base()) return OkStatus();
  FURL_RETURN_IF_ERROR(DecodeBase(nullptr));
  pairing_.End();
  return TakeReady(take);
}

Status PairedPackets::Take(media::MediaPacket packet, const PairSink& take) {
  if (packet.stream >= 0) return OkStatus();
  if (!has_base()) return take(packet, nullptr);
  if (packet.stream == media::kBaseStream) {
    FURL_RETURN_IF_ERROR(DecodeBase(&packet));
  } else {
    pairing_.AddPacket(std::move(packet));
  }
  FURL_RETURN_IF_ERROR(TakeReady(take));
  while (pairing_.bases().size() > kMostBases) {
    pairing_.Release(pairing_.bases().begin()->first);
  }
  return OkStatus();
}

Status PairedPackets::DecodeBase(const media::MediaPacket* packet) {
  return base_->Decode(packet, [this](ConstFramePtr picture) {
    pairing_.AddBase(std::move(picture));
    return OkStatus();
  });
}

Status PairedPackets::TakeReady(const PairSink& take) {
  for (auto pair = pairing_.Ready(); pair.packet != nullptr; pair = pairing_.Ready()) {
    const media::MediaPacket packet = std::move(*pair.packet);
    pairing_.Pop();
    FURL_RETURN_IF_ERROR(take(packet, pair.base));
  }
  return OkStatus();
}

}  // namespace furl::session
