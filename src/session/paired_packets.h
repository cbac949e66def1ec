// PairedPackets: furl's packets of an open file, each with the picture of the base below it.

#ifndef FURL_SESSION_PAIRED_PACKETS_H_
#define FURL_SESSION_PAIRED_PACKETS_H_

#include <functional>
#include <memory>
#include <string>

#include "base/status.h"
#include "codec/dec/base_pairing.h"
#include "media/base/base_decoder.h"
#include "media/coded_io.h"
#include "session/hooks.h"

namespace furl::session {

class PairedPackets {
 public:
  // `reader` is borrowed. `threads`: of the base's decoder; 0 is one per CPU.
  static Result<PairedPackets> Create(media::CodedReader* reader, int threads);

  // Whether the stream adds to a base.
  bool has_base() const { return base_ != nullptr; }

  // Gives all packets in coding order to `take`, with null for a base that isn't there or is lost;
  // what it returns is returned if it isn't OK. `damage` hears of what is damaged between packets,
  // which ends nothing. kCancelled as soon as `hooks` want that.
  using PairSink = std::function<Status(const media::MediaPacket& packet, ConstFramePtr base)>;
  using DamageFn = std::function<void(const std::string& message)>;
  Status ForEach(const Hooks& hooks, const PairSink& take, const DamageFn& damage);

 private:
  PairedPackets(media::CodedReader* reader, int64_t slack) : reader_(reader), pairing_(slack) {}
  Status Take(media::MediaPacket packet, const PairSink& take);
  // Null: the end.
  Status DecodeBase(const media::MediaPacket* packet);
  Status TakeReady(const PairSink& take);

  media::CodedReader* reader_;
  std::unique_ptr<media::BaseDecoder> base_;  // null: there is none
  BasePairing<media::MediaPacket> pairing_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_PAIRED_PACKETS_H_
