// SceneWatch: events of a scene, from the objects, the motion and the sketches of its frames.

#ifndef FURL_ANALYSIS_DETECT_SCENE_WATCH_H_
#define FURL_ANALYSIS_DETECT_SCENE_WATCH_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/descriptor.h"
#include "analysis/detect/static_change.h"
#include "analysis/detect/tracker.h"
#include "analysis/detect/velocity_map.h"
#include "watch/trigger.h"
#include "watch/zones.h"

namespace furl::analysis {

enum class EventKind : uint8_t {
  kMotion,       // something moves in a zone, or anywhere
  kAppearance,   // an object is in a zone, or in the picture
  kCrossing,     // an object crosses a line
  kLeft,         // something was left
  kRemoved,      // or taken away
  kSceneChange,  // a cut: all looks different
  kCameraMoved,
  kCovered,  // hardly anything can be seen
};
inline constexpr int kEventKinds = 8;
const char* NameOf(EventKind kind);  // "motion", "appearance", ...

struct SceneEvent {
  EventKind kind = EventKind::kMotion;
  double begin = 0;                  // seconds
  double end = 0;                    // the same for what happens at once
  std::string where;                 // name of the zone or line; empty: anywhere
  std::string direction;             // of crossings: "left" or "right"
  int64_t object = 0;                // its track; 0: of none
  std::optional<ObjectGroup> group;  // of the object
  std::optional<Box> box;            // where it began
};

struct WatchSettings {
  // Of a zone's blocks, that move against the camera.
  watch::TriggerSettings motion = {.enter = 0.01, .leave = 0.004, .least_on = 0.2, .least_off = 1};
  double moving = 0.0008;  // of the picture's longer side, per frame: what counts as moving
  // Of the picture's longer side, per second.
  watch::TriggerSettings camera = {.enter = 0.05, .leave = 0.02, .least_on = 0.4, .least_off = 1};
  // How much of the usual detail is missing, 0..1.
  watch::TriggerSettings covered = {.enter = 0.8, .leave = 0.6, .least_on = 0, .least_off = 0};
  double least_stay = 0.5;   // seconds that an object must be there
  double same_scene = 0.35;  // similarity of looks (descriptor.h) below which all is different
  StaticChangeSettings things;
};

class SceneWatch {
 public:
  using EventFn = std::function<void(const SceneEvent& event)>;

  // Of pictures of so many luma samples. Events come when they end.
  SceneWatch(int width, int height, double frames_per_second, const watch::Zones& zones,
             const WatchSettings& settings, EventFn event);

  // A key frame, before its Frame. Whether it shows another scene than the last one.
  bool Key(double time, const Sketch& sketch);
  // A frame, in display order. Key frames have no motion: that of the next frame is theirs.
  void Frame(double time, const VelocityMap& motion, const std::vector<Track>& tracks);
  // No more frames.
  void Finish();

 private:
  struct Region {
    std::string name;
    std::optional<watch::Polygon> polygon;  // none: everything
    watch::Cells cells;
    watch::Trigger motion;
  };
  struct Seen {  // a track
    Track track;
    watch::Point foot;
    std::map<std::string, double> begins;   // by region: since when it is there
    std::map<std::string, double> crossed;  // by line: when it did last
    double last = 0;
  };

  void WatchMotion(double time, const VelocityMap& motion, const Velocity& camera);
  void WatchCamera(double time, const Velocity& camera);
  void WatchTracks(double time, const std::vector<Track>& tracks);
  void WatchLines(double time, const Track& track, watch::Point foot, Seen* seen);
  void WatchRegions(double time, watch::Point foot, Seen* seen);
  void EndStay(const Seen& seen, const std::string& region, double begin, double end);
  void TellTrigger(EventKind kind, watch::Trigger::Change change, const watch::Trigger& trigger,
                   const std::string& where);

  const int width_;
  const int height_;
  const double frames_per_second_;
  const watch::Zones zones_;
  const WatchSettings settings_;
  const EventFn event_;
  std::vector<Region> regions_;
  watch::Trigger camera_;
  watch::Trigger covered_;
  std::map<int64_t, Seen> seen_;
  std::optional<Look> look_;  // of the last key frame
  double usual_detail_ = -1;
  StaticChange things_;
};

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_DETECT_SCENE_WATCH_H_
