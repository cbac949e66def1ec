// BasePairing: furl's packets and the pictures of the base below them, each to its own.

#ifndef FURL_CODEC_DEC_BASE_PAIRING_H_
#define FURL_CODEC_DEC_BASE_PAIRING_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <utility>

#include "base/checked_math.h"
#include "codec/common/gop.h"
#include "codec/dec/decoder.h"
#include "image/frame.h"

namespace furl {

// More pictures of a base need not be kept than a decoder can hold and a mini-GOP spans.
inline constexpr size_t kMostBases = 2 * Decoder::kMaxHeldPictures + kLongestMiniGop;

// `Packet` has its picture's time as `pts`.
template <typename Packet>
class BasePairing {
 public:
  // `slack`: how far times of a packet and its base may be from each other, in ticks.
  explicit BasePairing(int64_t slack) : slack_(slack) {}

  // Pictures of the base come in the order of their times, packets in that of coding; in any order
  // relative to each other.
  void AddBase(ConstFramePtr picture) {
    front_ = std::max(front_, picture->pts);
    bases_[picture->pts] = std::move(picture);
  }
  void AddPacket(Packet packet) { waiting_.push_back(std::move(packet)); }
  // No more of either.
  void End() { ended_ = true; }

  // A packet that waited for its base, whose time it then has exactly; null where that is lost.
  struct Pair {
    Packet* packet = nullptr;  // null: none is ready
    ConstFramePtr base;
  };
  // The oldest packet, if it is ready; it goes with Pop().
  Pair Ready() {
    if (waiting_.empty()) return {};
    Packet& packet = waiting_.front();
    const auto found = Find(packet.pts);
    if (found == bases_.end()) return {IsLost(packet.pts) ? &packet : nullptr, nullptr};
    packet.pts = found->first;
    return {&packet, found->second};
  }
  void Pop() { waiting_.pop_front(); }

  // Packets that wait. From kMostWaiting on the oldest counts as one whose base is lost.
  static constexpr size_t kMostWaiting = 1024;
  size_t waiting() const { return waiting_.size(); }

  // Pictures of the base by time: all that came, until they are released. Callers should keep
  // them below kMostBases.
  const std::map<int64_t, ConstFramePtr>& bases() const { return bases_; }
  // Lets go of the picture of that time, if there is one.
  void Release(int64_t pts) { bases_.erase(pts); }

 private:
  // A picture that has not come when a later one has, never will.
  bool IsLost(int64_t pts) const {
    const bool passed = front_ > slack_ + INT64_MIN && pts <= front_ - slack_;
    return passed || ended_ || waiting_.size() >= kMostWaiting;
  }

  // The picture of about that time, or the end.
  std::map<int64_t, ConstFramePtr>::const_iterator Find(int64_t pts) const {
    const auto exact = bases_.find(pts);
    if (exact != bases_.end() || slack_ == 0) return exact;
    const int64_t from = CheckedSub(pts, slack_).value_or(pts);
    const auto near = bases_.lower_bound(from);
    const bool fits = near != bases_.end() && CheckedSub(near->first, slack_).value_or(pts) <= pts;
    return fits ? near : bases_.end();
  }

  const int64_t slack_;
  bool ended_ = false;
  std::deque<Packet> waiting_;
  std::map<int64_t, ConstFramePtr> bases_;
  int64_t front_ = INT64_MIN;  // latest time of a picture of the base
};

}  // namespace furl

#endif  // FURL_CODEC_DEC_BASE_PAIRING_H_
