// ClockBridge: one clock for streams whose own jumps.
//
// Transport streams are cut and joined as they are; behind each joint the clock starts anywhere.
// ffmpeg goes on as if nothing were between where it jumps by more than ten seconds in either
// direction, and so does this: everything behind the joint is shifted so that the next picture
// follows the one before. All streams move by as much, so that sound and picture stay together.

#ifndef FURL_MEDIA_LIBAV_CLOCK_BRIDGE_H_
#define FURL_MEDIA_LIBAV_CLOCK_BRIDGE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "media/libav/libav_util.h"

namespace furl::media {

class ClockBridge {
 public:
  // Told of a jump: how far and when, in seconds of the time before it.
  using JumpFn = std::function<void(double jump, double at)>;

  // Does nothing to formats whose clocks don't jump. `context` must live as long as this.
  ClockBridge(const AVFormatContext* context, int video_stream, JumpFn jumped);

  // Takes the next packet of the file. Sound that jumps before the picture does waits for it.
  void Put(AvPacketPtr packet);
  // There are no more.
  void End();
  // The next packet with its time on the one clock; null: more must be put first.
  AvPacketPtr Take();

  // The file was read on from somewhere else.
  void Restart();

 private:
  void PutVideo(AvPacketPtr packet);
  void PutSound(AvPacketPtr packet);
  void Deliver(AvPacketPtr packet);
  void DeliverWaiting();
  bool Jumps(const AVPacket& packet) const;
  int64_t TimeOf(const AVPacket& packet) const;  // with the shift, in ticks of the video

  const AVFormatContext* context_;
  int video_stream_;
  JumpFn jumped_;
  bool bridges_;
  Rational tick_;              // of the video
  int64_t shift_ = 0;          // in those ticks
  std::vector<int64_t> next_;  // by stream: where its next packet should be; or kNoTimestamp
  std::deque<AvPacketPtr> waiting_;
  std::deque<AvPacketPtr> ready_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_CLOCK_BRIDGE_H_
