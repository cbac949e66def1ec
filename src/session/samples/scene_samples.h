// Scene samples: short parts of a video that stand for all of it, made of whole
// GOPs as the encoder would cut them, so that key frames have their true share.

#ifndef FURL_SESSION_SAMPLES_SCENE_SAMPLES_H_
#define FURL_SESSION_SAMPLES_SCENE_SAMPLES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/video_reader.h"
#include "session/hooks.h"

namespace furl::session {

// The whole of what is to be sampled.
struct VideoLength {
  int64_t frames = 0;
  double seconds = 0;
};

struct SampleSettings {
  int count = 0;            // of samples; 0: DefaultSamples
  double seconds = 2;       // of each at least; rounded up to whole GOPs
  int64_t gop_frames = 50;  // longest GOP
};

// One per minute, at least 5, at most 20.
int DefaultSamples(double video_seconds);

struct Sample {
  double start = 0;    // where to open the input: seconds after ReaderOptions::start
  int64_t skip = 0;    // frames before the sample
  int64_t frames = 0;  // INT64_MAX: to the end
};

// Starts of the samples, evenly spread and in seconds from the first frame, or
// none where the samples would be more than half of the video: then it is
// taken whole.
std::vector<double> PlaceSamples(const VideoLength& length, const SampleSettings& settings);

// Finds a run of whole GOPs of at least `wanted` frames: it begins at the first
// scene cut or, where there is none for a GOP's length, at the first frame.
class GopRun {
 public:
  GopRun(int64_t gop_frames, int64_t wanted) : gop_frames_(gop_frames), wanted_(wanted) {}

  // The next frame, and whether the encoder would see a cut before it. False
  // once the run is complete; this frame is not in it.
  bool Add(bool cut);

  int64_t begin() const { return begin_ >= 0 ? begin_ : 0; }
  // Frames in the run; until it is complete, all that came.
  int64_t size() const { return frames_ - begin(); }

 private:
  const int64_t gop_frames_;
  const int64_t wanted_;
  int64_t frames_ = 0;
  int64_t begin_ = -1;
  int64_t gop_begin_ = 0;
};

// What of `reader` is read for a sample: no other streams, no notices.
media::ReaderOptions SampleReader(const media::ReaderOptions& reader, const Sample& sample,
                                  const VideoLength& length);

// Called with each frame of a sample, and its exact length in seconds.
using SampleSink = std::function<Status(const ConstFramePtr& frame, double seconds)>;

// Gives the frames of a sample of `path` to `take`, as long as `hooks` let it.
Status ReadSample(const std::string& path, const media::ReaderOptions& options,
                  const Sample& sample, const VideoLength& length, const Hooks& hooks,
                  const SampleSink& take);

// Length as the open reader tells it; where it can't, all is decoded and
// counted (of `path`, opened anew).
Result<VideoLength> MeasureLength(const std::string& path, const media::ReaderOptions& options,
                                  const media::VideoReader& reader);

// Places samples and moves them to GOPs, looking for scene cuts. Never empty:
// one that takes everything stands for "whole".
Result<std::vector<Sample>> FindSamples(const std::string& path,
                                        const media::ReaderOptions& options,
                                        const VideoLength& length, const SampleSettings& settings);

}  // namespace furl::session

#endif  // FURL_SESSION_SAMPLES_SCENE_SAMPLES_H_
