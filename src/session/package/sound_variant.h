// SoundVariant: packets of a stream of sound to segments of AAC.

#ifndef FURL_SESSION_PACKAGE_SOUND_VARIANT_H_
#define FURL_SESSION_PACKAGE_SOUND_VARIANT_H_

#include <memory>
#include <span>
#include <string>

#include "hls/track.h"
#include "media/libav/sound_encoder.h"
#include "media/media_info.h"

namespace furl::session {

class SoundVariant {
 public:
  // AAC-LC goes along as it is, unless a rate is wanted; all else is coded anew, at
  // `bits_per_second` or, if that is 0, 64 kbit/s per channel. kUnsupported if it can't be.
  static Result<std::unique_ptr<SoundVariant>> Create(const media::StreamInfo& stream,
                                                      int64_t bits_per_second,
                                                      const hls::SegmentGrid& grid,
                                                      hls::TakeSegment take);

  std::string codec_name() const { return hls::AacCodecName(*out_.params); }
  int channels() const { return out_.params->ch_layout.nb_channels; }
  std::span<const uint8_t> init() const { return track_->init(); }
  // For people: "copied", "from opus".
  const std::string& origin() const { return origin_; }

  // A packet of the stream, `shift` seconds later than it says. What is before time zero is left
  // out.
  Status Write(const media::MediaPacket& packet, double shift);
  Status Finish();

 private:
  SoundVariant() = default;
  Status Put(std::vector<media::MediaPacket> packets);

  std::string origin_;
  media::StreamInfo in_;
  media::StreamInfo out_;
  Rational samples_;  // time base of what goes out
  int frame_size_ = 0;
  double shift_ = 0;
  std::unique_ptr<media::SoundEncoder> encoder_;  // null: packets are copied
  std::unique_ptr<hls::Track> track_;
  int64_t next_ = INT64_MIN;  // where the next packet should begin
};

}  // namespace furl::session

#endif  // FURL_SESSION_PACKAGE_SOUND_VARIANT_H_
