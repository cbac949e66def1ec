// EventWatch: what of a camera's time is an event, by how much moves, and what follows from that
// for how its pictures are coded and kept.

#ifndef FURL_SESSION_RECORD_EVENT_WATCH_H_
#define FURL_SESSION_RECORD_EVENT_WATCH_H_

#include <set>
#include <string>

#include "image/frame.h"
#include "watch/motion_meter.h"
#include "watch/trigger.h"

namespace furl::session {

class EventWatch {
 public:
  // In seconds: what lasts less is no event; how long after one it still counts.
  EventWatch(double least_motion, double post_seconds);

  struct Step {
    bool quiet = true;    // nothing happens; else, and for a while after it did, something
    bool rises = false;   // the first picture that isn't quiet any more
    bool begun = false;   // an event
    bool ended = false;   // an event
    bool passed = false;  // the time after it is over, too
  };
  // What was measured of the picture of that time, in seconds. `zones` are the meter's.
  Step Update(double seconds, const watch::Motion& motion, const std::vector<std::string>& zones,
              const ConstFramePtr& picture);
  // There are no more pictures: true where that ends an event.
  bool Finish() { return trigger_.Finish() == watch::Trigger::Change::kEnded; }

  // Of the event that is open, or ended last.
  const watch::WatchEvent& event() const { return trigger_.event(); }
  // Where something moved in it.
  const std::set<std::string>& zones() const { return zones_; }
  // The one in which most moved.
  const ConstFramePtr& picture() const { return picture_; }

 private:
  void Note(const watch::Motion& motion, const std::vector<std::string>& zones,
            const ConstFramePtr& picture);

  const double post_seconds_;
  watch::Trigger trigger_;
  std::set<std::string> zones_;
  ConstFramePtr picture_;
  double best_ = 0;
  bool counting_ = false;  // the event that is open, or may begin
  double busy_until_ = -1;
  bool quiet_ = true;
  bool passing_ = false;  // an event has ended whose time after it isn't over
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_EVENT_WATCH_H_
