// Track: packets of one kind to segments, each given away as soon as it is complete.

#ifndef FURL_HLS_TRACK_H_
#define FURL_HLS_TRACK_H_

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/status.h"
#include "hls/segment_grid.h"
#include "media/media_info.h"

namespace furl::hls {

// Gets complete segments in order; what it returns is returned by the track if it isn't OK.
using TakeSegment = std::function<Status(std::span<const uint8_t> bytes, const SegmentTime& time)>;

class Track {
 public:
  virtual ~Track() = default;

  // What comes before all segments: complete from the start.
  virtual std::span<const uint8_t> init() const = 0;
  // In decoding order, with pts from zero on, dts and duration in the track's time base.
  virtual Status Write(const media::MediaPacket& packet) = 0;
  // There are no more packets.
  virtual Status Finish() = 0;
};

// Clusters of Matroska, as web/player/hls.js and any reader of Matroska take them: furl's video
// alone. `video` is what the encoder gets, its times are the packets'.
Result<std::unique_ptr<Track>> MakeFurlTrack(const media::VideoInfo& video,
                                             std::span<const uint8_t> sequence_header,
                                             const SegmentGrid& grid, TakeSegment take);

// Fragments of MP4 (CMAF) by libavformat: H.264 without B frames as its encoder gives it, or AAC
// with its extradata. kUnsupported: MP4 can't hold it.
Result<std::unique_ptr<Track>> MakeMp4Track(const AVCodecParameters& params, Rational time_base,
                                            const SegmentGrid& grid, TakeSegment take);

// "avc1.64001f" of an H.264 encoder's parameter sets (Annex B). kInternal if there are none.
Result<std::string> AvcCodecName(std::span<const uint8_t> extradata);
// "mp4a.40.2", of AAC.
std::string AacCodecName(const AVCodecParameters& params);
inline constexpr char kFurlCodecName[] = "furl.1";

}  // namespace furl::hls

#endif  // FURL_HLS_TRACK_H_
