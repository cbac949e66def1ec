// ShotMaker: the shots of a video, with what they look like, from what its packets say without
// pictures (LatentReader).

#ifndef FURL_ANALYSIS_SHOTS_H_
#define FURL_ANALYSIS_SHOTS_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "analysis/descriptor.h"
#include "analysis/latent_reader.h"
#include "analysis/sketch.h"

namespace furl::analysis {

// A run of GOPs that look alike.
struct Shot {
  double begin = 0;  // seconds
  double end = 0;
  Look look = {};
  Sketch sketch;  // of its first picture
};

struct ShotFormat {
  double seconds_per_tick = 0;
  double frames_per_second = 0;
  int gop_length = 0;  // frames: a shorter GOP ends at a scene cut
  // Seconds: GOPs that have nothing between are left out.
  double from = -std::numeric_limits<double>::infinity();
  double to = std::numeric_limits<double>::infinity();
};

class ShotMaker {
 public:
  // Longer ones are divided, so that a part of a video finds its place.
  static constexpr double kLongest = 10;  // seconds

  // `sketches` is borrowed.
  ShotMaker(const SketchMaker& sketches, const ShotFormat& format)
      : sketches_(sketches), format_(format) {}

  // Frames in coding order; those before the first key frame are passed over.
  void Add(const LatentFrame& frame);

  // All shots. Nothing can be added afterwards.
  std::vector<Shot> Finish();

 private:
  struct Gop {
    double begin = 0;
    double end = 0;
    int64_t frames = 0;
    Sketch sketch;
    MotionTally motion;
  };

  void EndGop(std::optional<double> end);

  const SketchMaker& sketches_;
  const ShotFormat format_;
  std::optional<Gop> gop_;
  std::vector<Shot> shots_;
  Look first_look_ = {};  // of the last shot's first GOP
  int64_t looks_ = 0;     // in the last shot
  bool cut_ = true;       // the next GOP begins a shot
};

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_SHOTS_H_
