// DetectRun: objects and events of any video, without a picture being made.

#ifndef FURL_SESSION_DETECT_DETECT_RUN_H_
#define FURL_SESSION_DETECT_DETECT_RUN_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "analysis/detect/scene_watch.h"
#include "analysis/detect/tracker.h"
#include "base/status.h"
#include "model/model_file.h"
#include "session/latents/latent_video.h"
#include "watch/zones.h"

namespace furl::session {

// Objects that are in a frame, with boxes in luma samples of the video.
struct FrameObjects {
  double time = 0;  // seconds
  bool key = false;
  std::vector<analysis::Track> tracks;
};

// What a video is watched by.
struct DetectSinks {
  std::function<Status(const FrameObjects& frame)> frame;          // in display order
  std::function<Status(const analysis::SceneEvent& event)> event;  // as they end
  // A sketch of a key frame, for thumbnails; may be empty.
  std::function<Status(double time, const analysis::Sketch& sketch)> sketch;
};

struct DetectOptions {
  LatentVideoOptions video;
  model::ModelPtr detector;  // null: events without objects
  analysis::TrackerSettings tracker;
  analysis::WatchSettings watch;
  watch::Zones zones;
};

struct DetectSummary {
  VideoFormat format;   // of what was looked at
  int video_width = 0;  // of the video, which boxes are meant for
  int video_height = 0;
  int64_t frames = 0;
  int64_t key_frames = 0;
  int64_t damaged = 0;        // places that were passed over
  double seconds = 0;         // where the last frame ends
  double detect_seconds = 0;  // spent in the detector's network
  bool encoded = false;       // on the fly
};

// Errors are those of opening and decoding, with the path, and of the sinks. kInvalidStream where
// there is no picture in it.
Result<DetectSummary> DetectIn(const std::string& path, const VideoPart& part,
                               const DetectOptions& options, const DetectSinks& sinks);

// The model of a detector in that file (IsModelPath), or the first in that folder and where models
// are installed. kUnsupported where there is none.
Result<model::ModelPtr> FindDetector(const std::string& path);

}  // namespace furl::session

#endif  // FURL_SESSION_DETECT_DETECT_RUN_H_
