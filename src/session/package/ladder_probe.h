// LadderProbe: codes short scenes of a video at several sizes, to learn what ladder suits it.

#ifndef FURL_SESSION_PACKAGE_LADDER_PROBE_H_
#define FURL_SESSION_PACKAGE_LADDER_PROBE_H_

#include <functional>
#include <memory>
#include <vector>

#include "session/encode_run.h"
#include "session/package/ladder.h"
#include "session/samples/scene_samples.h"

namespace furl::session {

class LadderProbe {
 public:
  struct ProbeHooks : Hooks {
    // How many of `total` codings of all scenes are done; may be empty.
    std::function<void(int done, int total)> progress;
  };

  // `request`, whose encoder's preset doesn't count, is borrowed.
  LadderProbe(const EncodeRequest& request, FamilyEncoderPtr family, ProbeHooks hooks)
      : request_(request), family_(std::move(family)), hooks_(std::move(hooks)) {}

  // Finds the scenes. `reader` is open for the request; it is not read from.
  Status Open(const media::VideoReader& reader);

  // Of furl.
  Result<std::vector<Rung>> Ladder();
  // The largest size with no more than 720 lines, or columns of upright video, and what x264 takes
  // for a good quality of it.
  Result<Rung> Fallback();

 private:
  using FrameSink = std::function<Status(const ConstFramePtr& frame)>;
  Status ReadScene(const Sample& sample, const FrameSink& take);
  Result<LadderPoint> Measure(const Rung& size, double crf);
  Status CodeScene(const Sample& sample, const EncoderSettings& settings, LadderPoint* sums);

  const EncodeRequest& request_;
  const FamilyEncoderPtr family_;
  const ProbeHooks hooks_;
  media::VideoInfo video_;
  VideoLength length_;
  std::vector<Sample> samples_;
  double seconds_ = 0;  // of the scenes, in the coding before
  int64_t frames_ = 0;
};

// The size of LadderProbe::Fallback, without a rate.
Rung FallbackSize(const VideoFormat& video);

}  // namespace furl::session

#endif  // FURL_SESSION_PACKAGE_LADDER_PROBE_H_
