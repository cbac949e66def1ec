#include "media/read/packet_gate.h"

extern "C" {
#include <libavutil/mathematics.h>
}

#include <memory>
#include <utility>

#include "media/libav/libav_util.h"

namespace furl::media {

void PacketGate::Open(const Trim& trim, const Times& times) {
  trim_ = trim;
  times_ = times;
  open_ = true;
}

void PacketGate::EndVideo(int64_t end) {
  video_ended_ = true;
  video_end_ = end;
}

void PacketGate::RestartVideo() {
  reached_ = INT64_MIN;
  video_ended_ = cut_ = false;
}

PacketGate::Fate PacketGate::Judge(int64_t pts, Rational time_base) const {
  if (pts == kNoTimestamp) return Fate::kPass;
  if (!trim_.Keeps(pts, time_base)) return Fate::kDrop;
  const auto compare = [&](int64_t video) {
    return av_compare_ts(pts, ToAv(time_base), video, ToAv(times_.video));
  };
  if (cut_ && compare(video_end_) >= 0) return Fate::kDrop;
  const bool early =
      times_.frame_limit && !video_ended_ && (reached_ == INT64_MIN || compare(reached_) > 0);
  return early ? Fate::kWait : Fate::kPass;
}

void PacketGate::Release(const std::vector<StreamInfo>& streams, std::deque<MediaItem>* out) {
  if (!open_) return;
  std::deque<MediaPacket> keep;
  for (MediaPacket& packet : waiting_) {
    const Rational time_base = streams[packet.stream].time_base;
    const int64_t shift = Rescale(times_.origin, times_.source, time_base);
    const int64_t pts = packet.pts == kNoTimestamp ? kNoTimestamp : packet.pts - shift;
    const Fate fate = Judge(pts, time_base);
    if (fate == Fate::kWait) keep.push_back(std::move(packet));
    if (fate != Fate::kPass) continue;
    packet.pts = pts;
    if (packet.dts != kNoTimestamp) packet.dts -= shift;
    out->push_back({nullptr, 0, std::make_unique<MediaPacket>(std::move(packet))});
  }
  waiting_ = std::move(keep);
}

}  // namespace furl::media
