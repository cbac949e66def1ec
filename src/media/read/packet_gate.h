// PacketGate: where packets of copied streams wait until it is known whether
// they are wanted. That takes the first picture, which decides time zero, and
// with a limit on frames the video's end, which is only known when it comes.

#ifndef FURL_MEDIA_READ_PACKET_GATE_H_
#define FURL_MEDIA_READ_PACKET_GATE_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "base/rational.h"
#include "media/media_info.h"
#include "media/read/trim.h"

namespace furl::media {

class PacketGate {
 public:
  struct Times {
    Rational source;     // time base of the source's video
    int64_t origin = 0;  // time zero, in its ticks
    Rational video;      // time base of the video that goes out
    bool frame_limit = false;
  };

  // Nothing passes before.
  void Open(const Trim& trim, const Times& times);
  bool is_open() const { return open_; }
  const Times& times() const { return times_; }

  // What the video did, in its ticks: a picture went out; it ended at `end`; it
  // ended before its input did, so that packets behind its end aren't wanted.
  void ReachVideo(int64_t pts) { reached_ = pts; }
  void EndVideo(int64_t end);
  void CutVideo() { cut_ = true; }
  // It goes on somewhere else, even if it had ended.
  void RestartVideo();
  bool video_ended() const { return video_ended_; }
  int64_t video_end() const { return video_end_; }

  // Takes a packet with times of its source.
  void Put(MediaPacket packet) { waiting_.push_back(std::move(packet)); }

  // Appends to `out`, in order and with times since the origin, the packets
  // that are known to be wanted, and forgets those that are not. `streams` are
  // what the packets belong to.
  void Release(const std::vector<StreamInfo>& streams, std::deque<MediaItem>* out);

 private:
  enum class Fate { kPass, kWait, kDrop };
  Fate Judge(int64_t pts, Rational time_base) const;

  Trim trim_;
  Times times_;
  bool open_ = false;
  int64_t reached_ = INT64_MIN;
  bool video_ended_ = false;
  int64_t video_end_ = 0;
  bool cut_ = false;
  std::deque<MediaPacket> waiting_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_READ_PACKET_GATE_H_
