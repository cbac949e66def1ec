// VideoVariant: frames of any size to the segments of one variant of a stream.

#ifndef FURL_SESSION_PACKAGE_VIDEO_VARIANT_H_
#define FURL_SESSION_PACKAGE_VIDEO_VARIANT_H_

#include <memory>
#include <span>
#include <string>

#include "codec/common/family.h"
#include "hls/track.h"
#include "media/media_info.h"
#include "session/encode_run.h"
#include "session/package/ladder.h"

namespace furl::session {

class VideoVariant {
 public:
  virtual ~VideoVariant() = default;

  // For the master playlist.
  virtual std::string codec_name() const = 0;
  // What comes before its segments.
  virtual std::span<const uint8_t> init() const = 0;
  // The next frame in display order, times in those of the video; null: there are no more, and the
  // last segment is given away. `begins`: a segment begins with it.
  virtual Status Code(const ConstFramePtr& frame, bool begins) = 0;
};

struct VariantInput {
  media::VideoInfo video;  // that frames come from
  hls::SegmentGrid grid;
  Rung rung;
  EncoderSettings encoder;  // preset, threads and delay count
  hls::TakeSegment take;
};

Result<std::unique_ptr<VideoVariant>> MakeFurlVariant(VariantInput input, FamilyEncoderPtr family);
// H.264, 8 bit. kUnsupported if this FFmpeg has no libx264.
Result<std::unique_ptr<VideoVariant>> MakeAvcVariant(VariantInput input);

// `video` at the size of `rung`: as it is to be shown, so that other shapes get other pixels.
media::VideoInfo ResizedVideo(const media::VideoInfo& video, const Rung& rung);

}  // namespace furl::session

#endif  // FURL_SESSION_PACKAGE_VIDEO_VARIANT_H_
