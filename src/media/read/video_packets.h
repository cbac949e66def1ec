// VideoPackets: the packets that a reader decodes, on their way out beside its frames.

#ifndef FURL_MEDIA_READ_VIDEO_PACKETS_H_
#define FURL_MEDIA_READ_VIDEO_PACKETS_H_

#include <deque>
#include <optional>
#include <string>

#include "media/libav/libav_demuxer.h"
#include "media/read/packet_gate.h"
#include "media/sei/nal_units.h"

namespace furl::media {

class VideoPackets {
 public:
  // Of the demuxer's video, as a base of that name for messages. kUnsupported where it can't be
  // one: another codec, other pictures than 4:2:0 of 8 or 10 bit.
  Status Open(const std::string& name, const LibavDemuxer& demuxer);
  bool wanted() const { return base_.has_value(); }

  // Its time base is the caller's to say.
  const std::optional<BaseInfo>& base() const { return base_; }

  // kUnsupported, with the place, for what a base can't have: packets without a time, and those
  // that an edit list hides. What they carry of furl's is left out.
  Status Take(const LibavDemuxer& demuxer, const AVPacket& packet);

  // Appends to `out` what has been taken; the gate is open.
  void Release(const PacketGate::Times& times, std::deque<MediaItem>* out);

 private:
  std::string name_;
  std::optional<BaseInfo> base_;
  bool start_codes_ = false;
  std::optional<NalForm> form_;  // of H.264 and H.265
  std::deque<MediaPacket> waiting_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_READ_VIDEO_PACKETS_H_
