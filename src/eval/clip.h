// Clips in memory: the originals of a measurement.

#ifndef FURL_EVAL_CLIP_H_
#define FURL_EVAL_CLIP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "image/frame.h"
#include "image/video_format.h"
#include "media/media_info.h"

namespace furl::eval {

// Its samples count as square: no codec is told another aspect, and no metric looks at it.
struct Clip : VideoFormat {
  std::string name;  // file name without folder and extension
  std::string path;
  std::string sha256;  // of the file, hex
  std::vector<ConstFramePtr> frames;

  double fps() const { return frame_rate.value(); }
  double seconds() const { return static_cast<double>(frames.size()) / fps(); }
};

struct ClipOptions {
  int64_t frames = 0;  // the first ones; 0: all
  media::NoticeFn notice;
  media::CancelFn cancelled;
};

// Luma samples of all frames that LoadClip would read, by what the container says;
// 0 where it doesn't say. Fails on files that can't be opened as video, as LoadClip
// would, but in no time.
Result<double> ProbeClip(const std::string& path, const ClipOptions& options = {});

// Decodes the video of `path` into memory, as 4:2:0 at 8 or 10 bit (other formats
// are converted, with a notice), at most 2^31 samples in total (kLimitExceeded).
// Anchors are told a constant frame rate, the nominal one, with a notice where frames
// are not evenly spaced.
Result<Clip> LoadClip(const std::string& path, const ClipOptions& options = {});

}  // namespace furl::eval

#endif  // FURL_EVAL_CLIP_H_
