// EventLog: the events of a camera, a line of JSON and a small picture each, beside its files.

#ifndef FURL_SESSION_RECORD_EVENT_LOG_H_
#define FURL_SESSION_RECORD_EVENT_LOG_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>

#include "image/frame.h"
#include "media/media_info.h"
#include "session/record/archive.h"
#include "session/record/camera_place.h"
#include "session/record/packet_recorder.h"

namespace furl::session {

struct RecordedEvent {
  std::string camera;
  int64_t begin = 0;  // wall ticks
  int64_t end = 0;
  double peak = 0;              // watch::Motion::value
  std::set<std::string> zones;  // where something moved; none: there are no zones
  std::string file;             // of its beginning, in the camera's folder; empty: not recorded
  double offset = 0;            // seconds from the file's beginning
  std::string thumbnail;        // in the camera's folder; empty: there is none
};

class EventLog {
 public:
  // `archive` is borrowed. `event` is told of every one when it is written, `notice` of what can't
  // be; both may be empty.
  EventLog(std::string camera, CameraPlace place, Archive* archive,
           std::function<void(const RecordedEvent&)> event, media::NoticeFn notice)
      : camera_(std::move(camera)),
        place_(std::move(place)),
        archive_(archive),
        event_(std::move(event)),
        notice_(std::move(notice)) {}

  // An event that has ended. Its picture, perhaps null, is of `video`.
  void Add(RecordedEvent event, const ConstFramePtr& picture, const media::VideoInfo& video);
  // Writes those whose packets are in files by now; with `all` the others, too.
  void Settle(const PacketRecorder& recorder, bool all);

 private:
  std::string WriteThumbnail(int64_t time, const ConstFramePtr& picture,
                             const media::VideoInfo& video);
  void Write(RecordedEvent event, const PacketRecorder& recorder);
  std::string Relative(const std::string& path) const;
  void Notice(const Status& status) const;

  const std::string camera_;
  const CameraPlace place_;
  Archive* const archive_;
  const std::function<void(const RecordedEvent&)> event_;
  const media::NoticeFn notice_;
  std::deque<RecordedEvent> waiting_;
};

// The line of an event.
std::string EventLine(const RecordedEvent& event);

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_EVENT_LOG_H_
