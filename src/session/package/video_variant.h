// VideoVariant: frames of any size to the segments of one variant of a stream.

#ifndef FURL_SESSION_PACKAGE_VIDEO_VARIANT_H_
#define FURL_SESSION_PACKAGE_VIDEO_VARIANT_H_

#include <memory>
#include <string>

#include "codec/common/family.h"
#include "hls/segment_store.h"
#include "media/media_info.h"
#include "session/encode_run.h"
#include "session/package/ladder.h"

namespace furl::session {

// The largest rate of a variant against its mean.
inline constexpr double kPeakRate = 1.5;

// What a variant of furl may take of the machine.
struct Effort {
  Preset preset = Preset::kMedium;
  double size = 1;  // its sides against those of its rung, 0.25 to 1

  bool operator==(const Effort&) const = default;
};

class VideoVariant {
 public:
  virtual ~VideoVariant() = default;

  // For the master playlist.
  virtual std::string codec_name() const = 0;
  // The next frame in display order, times in those of the video; null: there are no more, and the
  // last segment is given away. `begins`: a segment begins with it.
  virtual Status Code(const ConstFramePtr& frame, bool begins) = 0;
  // From the next segment on; H.264 takes little and stays as it is.
  virtual void SetEffort(const Effort& /*effort*/) {}
};

struct VariantInput {
  media::VideoInfo video;  // that frames come from
  hls::SegmentGrid grid;
  Rung rung;
  EncoderSettings encoder;   // preset, threads and delay count
  hls::SegmentStore* store;  // gets what comes before the segments, too; borrowed
};

Result<std::unique_ptr<VideoVariant>> MakeFurlVariant(VariantInput input, FamilyEncoderPtr family);
// H.264, 8 bit. kUnsupported if this FFmpeg has no libx264.
Result<std::unique_ptr<VideoVariant>> MakeAvcVariant(VariantInput input);

// `video` at the size of `rung`: as it is to be shown, so that other shapes get other pixels.
media::VideoInfo ResizedVideo(const media::VideoInfo& video, const Rung& rung);

}  // namespace furl::session

#endif  // FURL_SESSION_PACKAGE_VIDEO_VARIANT_H_
