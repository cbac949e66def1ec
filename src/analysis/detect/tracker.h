// Tracker: objects from key frame to key frame, each with a number of its own, and where they are
// in the frames between, carried along by the motion in their boxes.

#ifndef FURL_ANALYSIS_DETECT_TRACKER_H_
#define FURL_ANALYSIS_DETECT_TRACKER_H_

#include <cstdint>
#include <vector>

#include "analysis/detect/box.h"
#include "analysis/detect/velocity_map.h"

namespace furl::analysis {

struct Track {
  int64_t id = 0;  // 1, 2, 3, ... in the order of appearance
  ObjectGroup group = ObjectGroup::kPerson;
  double score = 0;  // of its last detection
  Box box;
  int missed = 0;  // key frames since that
};

struct TrackerSettings {
  double enter = 0.4;   // scores that begin a track
  double keep = 0.15;   // and those that go on with one
  int most_missed = 1;  // key frames without a detection that one outlives
};

class Tracker {
 public:
  // Of pictures of so many luma samples.
  Tracker(int width, int height, const TrackerSettings& settings)
      : settings_(settings),
        picture_{0, 0, static_cast<double>(width), static_cast<double>(height)} {}

  // The next frame, in display order, whose motion is the map's.
  void Move(const VelocityMap& motion);
  // A key frame's detections. Tracks that left the picture, or were missed too often, end.
  void Update(const std::vector<Detection>& detections);
  // A cut: all tracks end.
  void Clear() { tracks_.clear(); }

  // Those that are in the picture now.
  const std::vector<Track>& tracks() const { return tracks_; }

 private:
  const TrackerSettings settings_;
  const Box picture_;
  int64_t next_id_ = 1;
  std::vector<Track> tracks_;
};

// Where a box is a frame later: moved by the median of the velocities in its middle, and larger or
// smaller by how they differ from side to side.
Box MovedBox(const Box& box, const VelocityMap& motion);

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_DETECT_TRACKER_H_
