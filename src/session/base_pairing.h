// BasePairing: furl's packets and the pictures of the base below them, each to its own.

#ifndef FURL_SESSION_BASE_PAIRING_H_
#define FURL_SESSION_BASE_PAIRING_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "base/status.h"
#include "codec/common/gop.h"
#include "codec/dec/decoder.h"
#include "image/frame.h"
#include "media/base/base_decoder.h"
#include "media/media_info.h"

namespace furl::session {

class BasePairing {
 public:
  // More pictures of the base need not be kept than a decoder can hold and a mini-GOP spans.
  static constexpr size_t kMostBases = 2 * Decoder::kMaxHeldPictures + kLongestMiniGop;

  // `threads`: of the base's decoder; 0 is one per CPU.
  static Result<std::unique_ptr<BasePairing>> Create(const media::BaseInfo& base, int threads);

  // Gets furl's packets in coding order, each with the picture of the base of its time, which it
  // then has exactly, null where that is lost. What it returns is returned if it isn't OK.
  using PairSink = std::function<Status(const media::MediaPacket& packet, ConstFramePtr base)>;

  // `packet` is of stream kVideoStream or kBaseStream; those of either stream come in coding
  // order, in any order relative to the other's.
  Status Take(media::MediaPacket packet, const PairSink& take);
  // There are no more packets.
  Status Finish(const PairSink& take);

  // Pictures of the base by time: all that came, until they are released. Callers should keep
  // them below kMostBases.
  const std::map<int64_t, ConstFramePtr>& bases() const { return bases_; }
  // Lets go of the picture of that time, if there is one.
  void Release(int64_t pts);

 private:
  BasePairing() = default;
  Status Decode(const media::MediaPacket* packet);
  Status PairReady(bool ended, const PairSink& take);

  // The picture of about that time, or the end.
  std::map<int64_t, ConstFramePtr>::const_iterator Find(int64_t pts) const;

  std::unique_ptr<media::BaseDecoder> decoder_;
  int64_t slack_ = 0;                       // BaseInfo::time_slack
  std::deque<media::MediaPacket> waiting_;  // furl's, whose base has not come yet
  std::map<int64_t, ConstFramePtr> bases_;
  int64_t front_ = INT64_MIN;  // latest time of a picture of the base
};

}  // namespace furl::session

#endif  // FURL_SESSION_BASE_PAIRING_H_
